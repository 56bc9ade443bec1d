package dev.plinto.polar.sandbox.provider;

/// A fault of one attempt to deliver an event.
public enum DeliveryFault {
    /// The request arrives, its answer does not: the provider repeats an event that was accepted already.
    LOST_ACKNOWLEDGEMENT,
    /// The request does not arrive. Its retry comes after newer events, and is stale by then.
    DROP,
    /// The request arrives twice: the provider forgot that it had sent it.
    DUPLICATE,
    /// Newer events overtake it.
    REORDER,
    /// It is signed with a wrong secret or key.
    WRONG_KEY
}
