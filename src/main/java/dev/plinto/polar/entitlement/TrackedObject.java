package dev.plinto.polar.entitlement;

/// An object of Polar's with the facts known of it; a single statement about an object has the same form.
public sealed interface TrackedObject permits Customer, Subscription, Order, Grant, Product, Benefit {

    Id id();

    Facts facts();

    /// The same object with other facts.
    TrackedObject with(Facts facts);
}
