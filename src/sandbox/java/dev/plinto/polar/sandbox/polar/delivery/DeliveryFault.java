package dev.plinto.polar.sandbox.polar.delivery;

/// A fault of one attempt to deliver an event.
public enum DeliveryFault {
    /// The request arrives, its answer does not: Polar repeats an event that was accepted already.
    LOST_ACKNOWLEDGEMENT,
    /// The request does not arrive. Its retry comes after newer events, and is stale by then.
    DROP,
    /// The request arrives twice: Polar forgot that it had sent it.
    DUPLICATE,
    /// Newer events overtake it.
    REORDER,
    /// It is signed with a wrong secret.
    WRONG_KEY
}
