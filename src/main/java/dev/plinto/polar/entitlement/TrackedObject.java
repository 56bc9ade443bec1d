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

    /// The same object with nothing that tells of a person: what was said of it stays said, as of then, but is null.
    default TrackedObject withoutPersonalData() {
        Facts left = facts().withoutPersonalData();
        return left.equals(facts()) ? this : with(left);
    }
}
