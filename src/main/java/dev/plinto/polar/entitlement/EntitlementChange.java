package dev.plinto.polar.entitlement;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// What an account may use after some events. `granted` and `revoked` are the benefits that they added and removed in
/// all; both are empty if only a benefit's fields or the grants that give it changed.
public record EntitlementChange(Account account, List<Entitlement> entitlements, List<String> granted,
        List<String> revoked) {

    /// @param before the benefits that the account could use before
    public static EntitlementChange between(Account account, Collection<String> before, List<Entitlement> after) {
        List<String> benefits = after.stream().map(Entitlement::benefitId).toList();
        return new EntitlementChange(account, after, onlyIn(benefits, before), onlyIn(before, benefits));
    }

    private static List<String> onlyIn(Collection<String> benefits, Collection<String> others) {
        TreeSet<String> only = new TreeSet<>(benefits);
        others.forEach(only::remove);
        return List.copyOf(only);
    }
}
