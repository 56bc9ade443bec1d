package dev.plinto.polar.sandbox.provider;

import java.time.Duration;

/// A fault of a request to a provider's API.
public sealed interface ApiFault {

    /// The right answer, delayed.
    record Slow(Duration by) implements ApiFault {}

    /// 429 without a body; `retryAfter` in whole seconds.
    record TooManyRequests(Duration retryAfter) implements ApiFault {}

    /// 401, as for a token that was revoked.
    record Unauthorized() implements ApiFault {}

    /// An answer from 500 to 599 that is not JSON, as from a proxy in front of the provider.
    record Broken(int status) implements ApiFault {

        public Broken {
            if (status / 100 != 5) {
                throw new IllegalArgumentException("the status of a broken server must be 5xx");
            }
        }
    }

    /// The request is carried out, and the connection closed before the first byte of the answer.
    record Cut() implements ApiFault {}

    /// The connection is closed at once, before any answer, and the request carried out `after` that: what was asked
    /// for exists only when its caller has long given up.
    record CompletedLate(Duration after) implements ApiFault {}

    /// The connection is closed in the middle of the answer's body.
    record CutInTheMiddle() implements ApiFault {}
}
