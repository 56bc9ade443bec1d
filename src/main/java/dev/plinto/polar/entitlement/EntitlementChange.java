package dev.plinto.polar.entitlement;

import java.util.List;
import java.util.TreeSet;

/// What an account may use after an event. `granted` and `revoked` are the benefits that it gained and lost by it; both
/// are empty when only the looks of a benefit or the grants behind it changed.
public record EntitlementChange(Account account, List<Entitlement> entitlements, List<String> granted,
        List<String> revoked) {

    static EntitlementChange between(Account account, List<Entitlement> before, List<Entitlement> after) {
        return new EntitlementChange(account, after, missing(after, before), missing(before, after));
    }

    private static List<String> missing(List<Entitlement> from, List<Entitlement> in) {
        TreeSet<String> benefits = new TreeSet<>(from.stream().map(Entitlement::benefitId).toList());
        in.forEach(entitlement -> benefits.remove(entitlement.benefitId()));
        return List.copyOf(benefits);
    }
}
