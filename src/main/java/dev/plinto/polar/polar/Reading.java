package dev.plinto.polar.polar;

import dev.plinto.polar.entitlement.Event;

/// What became of reading a body. Details name fields, never their values.
public sealed interface Reading {

    /// An event of a type that we know; it states nothing when that type has no effect on what we keep.
    record Understood(Event event) implements Reading {}

    /// A type that Polar added after this was written.
    record UnknownType(String type) implements Reading {}

    /// Not one whole JSON object in UTF-8 with a type.
    record NotAnEvent() implements Reading {}

    /// An event whose fields are not of the types that Polar documents, so that applying it would be a guess.
    record Malformed(String type, String detail) implements Reading {}

    /// An event of another merchant of Polar's than the configured one.
    record OtherMerchant(String type) implements Reading {}
}
