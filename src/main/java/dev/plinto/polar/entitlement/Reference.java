package dev.plinto.polar.entitlement;

/// An object that is kept to be read: no rule reads it, and nothing that is published depends on it.
public sealed interface Reference extends TrackedObject
        permits Product, Benefit, Checkout, Member, Seat, Meter, CustomerMeter {

    @Override
    Reference with(Facts facts);
}
