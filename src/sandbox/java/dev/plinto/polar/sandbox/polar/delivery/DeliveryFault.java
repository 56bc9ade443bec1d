package dev.plinto.polar.sandbox.polar.delivery;

/// What can go wrong with one attempt to deliver an event.
public enum DeliveryFault {
    /// The request arrives, its answer does not: Polar tries again with something that was taken already.
    LOST_ACKNOWLEDGEMENT,
    /// The request does not arrive. Its retry comes after newer events have, and is stale by then.
    DROP,
    /// The request arrives twice, since Polar forgot having sent it.
    DUPLICATE,
    /// Newer events overtake it.
    REORDER,
    /// It is signed with another secret.
    WRONG_KEY
}
