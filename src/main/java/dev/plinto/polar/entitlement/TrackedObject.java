package dev.plinto.polar.entitlement;

import java.util.List;

/// An object of Polar's with the facts known of it; a single statement about an object has the same form.
public sealed interface TrackedObject permits Customer, Subscription, Order, Grant, Reference {

    Id id();

    Facts facts();

    /// All fields of objects of this kind.
    List<Field<?>> fields();

    /// The same object with other facts.
    TrackedObject with(Facts facts);
}
