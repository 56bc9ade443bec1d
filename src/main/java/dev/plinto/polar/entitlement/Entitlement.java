package dev.plinto.polar.entitlement;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One benefit that an account may use, because at least one live grant gives it. Description and feature are nullable.
public record Entitlement(String benefitId, String benefitType, String description, String feature,
        List<Through> grants) {

    /// One live grant that gives it; all but the grant's and the customer's id are nullable.
    public record Through(String grantId, String customerId, String subscriptionId, String orderId, String memberId,
            Instant grantedAt) {}

    /// The set that these grants add up to, in one canonical order.
    static List<Entitlement> of(Collection<Grant> live) {
        return live.stream()
                .sorted(comparing(grant -> grant.id().value()))
                .collect(Collectors.groupingBy(g -> g.facts().get(Grant.BENEFIT_ID), TreeMap::new, Collectors.toList()))
                .values().stream()
                .map(Entitlement::ofOneBenefit)
                .toList();
    }

    private static Entitlement ofOneBenefit(List<Grant> grants) {
        return new Entitlement(
                grants.getFirst().facts().get(Grant.BENEFIT_ID),
                newest(grants, Grant.BENEFIT_TYPE),
                newest(grants, Grant.DESCRIPTION),
                newest(grants, Grant.FEATURE),
                grants.stream().map(Entitlement::through).toList());
    }

    /// Several grants of a benefit each embed its description; the newest copy speaks for all.
    private static String newest(List<Grant> grants, Field<String> field) {
        return grants.stream()
                .map(grant -> Optional.ofNullable(grant.facts().told(field)))
                .flatMap(Optional::stream)
                .max(comparing(StampedValue::stamp))
                .map(StampedValue::value)
                .orElse(null);
    }

    private static Through through(Grant grant) {
        Facts facts = grant.facts();
        return new Through(grant.id().value(), facts.get(Grant.CUSTOMER_ID), facts.get(Grant.SUBSCRIPTION_ID),
                facts.get(Grant.ORDER_ID), facts.get(Grant.MEMBER_ID), facts.get(Grant.GRANTED_AT));
    }
}
