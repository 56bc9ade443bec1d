package dev.plinto.polar.entitlement;

import java.util.List;
import java.util.TreeSet;

/// What an account may use after some events. `granted` and `revoked` are the benefits that they added and removed in
/// all; both are empty if only a benefit's fields or the grants that give it changed.
public record EntitlementChange(Account account, List<Entitlement> entitlements, List<String> granted,
        List<String> revoked) {

    static EntitlementChange between(Account account, List<Entitlement> before, List<Entitlement> after) {
        return new EntitlementChange(account, after, onlyIn(after, before), onlyIn(before, after));
    }

    private static List<String> onlyIn(List<Entitlement> set, List<Entitlement> other) {
        TreeSet<String> benefits = new TreeSet<>(set.stream().map(Entitlement::benefitId).toList());
        other.forEach(entitlement -> benefits.remove(entitlement.benefitId()));
        return List.copyOf(benefits);
    }
}
