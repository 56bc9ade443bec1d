package dev.plinto.polar.entitlement;

/// The result of reading a body. Details name fields, never their values.
public sealed interface Reading {

    /// An event of a known type; without statements if the type does not affect our state.
    record Understood(Event event) implements Reading {}

    /// A type, or a kind of snapshot, that this release does not know.
    record UnknownType(String type) implements Reading {}

    /// Not exactly one JSON object in UTF-8 with a type.
    record NotAnEvent() implements Reading {}

    /// An event whose fields are not of the types that Polar documents, so that applying it would be a guess.
    record Malformed(String type, String detail) implements Reading {}

    /// An event of another merchant than the configured one, or of the provider's other environment.
    ///
    /// @param detail with which setting it does not agree
    record OtherMerchant(String type, String detail) implements Reading {}
}
