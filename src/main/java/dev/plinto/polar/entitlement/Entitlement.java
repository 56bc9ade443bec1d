package dev.plinto.polar.entitlement;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A benefit that an account may use, because at least one live grant gives it.
public record Entitlement(String benefitId, @Nullable String benefitType, @Nullable String description,
        @Nullable String feature,
        List<Through> grants) {

    /// A live grant that gives the benefit.
    public record Through(String grantId, String customerId, @Nullable String subscriptionId, @Nullable String orderId,
            @Nullable String memberId, @Nullable Instant grantedAt) {}

    /// The set of entitlements that these grants give, in one canonical order.
    static List<Entitlement> of(Collection<Grant> live) {
        return live.stream()
                .sorted(comparing(grant -> grant.id().value()))
                .collect(Collectors.groupingBy(Grant::benefitId, TreeMap::new, Collectors.toList()))
                .values().stream()
                .map(Entitlement::ofOneBenefit)
                .toList();
    }

    private static Entitlement ofOneBenefit(List<Grant> grants) {
        return new Entitlement(
                grants.getFirst().benefitId(),
                newest(grants, Grant.BENEFIT_TYPE),
                newest(grants, Grant.DESCRIPTION),
                newest(grants, Grant.FEATURE),
                grants.stream().map(Entitlement::through).toList());
    }

    /// Each grant of a benefit embeds the benefit's fields; the newest copy counts for all of them.
    private static @Nullable String newest(List<Grant> grants, Field<String> field) {
        return grants.stream()
                .map(grant -> Optional.ofNullable(grant.facts().stamped(field)))
                .flatMap(Optional::stream)
                .max(comparing(StampedValue::stamp))
                .map(StampedValue::value)
                .orElse(null);
    }

    private static Through through(Grant grant) {
        Facts facts = grant.facts();
        return new Through(grant.id().value(), grant.customer().value(), facts.get(Grant.SUBSCRIPTION_ID),
                facts.get(Grant.ORDER_ID), facts.get(Grant.MEMBER_ID), facts.get(Grant.GRANTED_AT));
    }
}
