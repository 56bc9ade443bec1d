package dev.plinto.polar.sandbox.provider;

/// A simulated provider's API, without a connection. Thread-safe.
public interface ProviderApi {

    Answer answer(Call call);

    /// With what all of its paths begin, such as `/v1`; empty if there is nothing common.
    String prefix();

    /// The answer to a call of a path that does not begin so.
    Answer notFound();

    /// The answer to a body of more than `most` bytes.
    Answer bodyTooLarge(int most);

    /// The answer to a call with a wrong key.
    Answer unauthorized();
}
