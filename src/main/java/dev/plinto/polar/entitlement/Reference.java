package dev.plinto.polar.entitlement;

/// An object that is kept to be read. Of these, the rules read only products and benefits, for [DerivedGrants]; nothing
/// else that is published depends on any.
public sealed interface Reference extends TrackedObject
        permits Product, Benefit, Checkout, Member, Seat, Meter, CustomerMeter {

    @Override
    Reference with(Facts facts);

    /// Whether all that depends on it is as if it were the other one, which has the same id.
    default boolean decidesAs(Reference other) {
        return true;
    }
}
