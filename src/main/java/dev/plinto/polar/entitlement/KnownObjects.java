package dev.plinto.polar.entitlement;

import java.util.Collection;
import java.util.Map;

/// What is stored of Polar's objects, for whoever compares it with what Polar itself says.
public interface KnownObjects {

    /// Those of the customers, subscriptions and grants of which something is stored, as their last transaction left them.
    Map<Id, Known> known(Collection<? extends Id> ids);
}
