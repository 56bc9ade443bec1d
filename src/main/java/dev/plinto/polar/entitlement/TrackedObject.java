package dev.plinto.polar.entitlement;

/// What is known of one of Polar's objects. Also the form of a single statement about it.
public sealed interface TrackedObject permits Customer, Subscription, Order, Grant, Product, Benefit {

    Id id();

    Facts facts();

    /// The same object with other facts.
    TrackedObject with(Facts facts);
}
