package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A benefit that an account may use, because at least one live grant gives it. Its size does not depend on the number
/// of grants: it lists the first [#MAX_GRANTS].
///
/// @param grantCount   how many live grants give it
/// @param grantsDigest changes with any of these grants: the first 16 bytes, in hex, of SHA-256 over their ids, sorted
///                     and joined by newlines
/// @param grants       the first of them by id
public record Entitlement(String benefitId, @Nullable String benefitType, @Nullable String description,
        @Nullable String feature, int grantCount, String grantsDigest, List<Through> grants) {

    /// The most grants that an entitlement lists.
    public static final int MAX_GRANTS = 100;

    /// A live grant that gives the benefit.
    public record Through(String grantId, String customerId, @Nullable String subscriptionId, @Nullable String orderId,
            @Nullable String memberId, @Nullable Instant grantedAt) {

        static Through of(Grant grant) {
            Facts facts = grant.facts();
            return new Through(grant.id().value(), grant.customer().value(), facts.get(Grant.SUBSCRIPTION_ID),
                    facts.get(Grant.ORDER_ID), facts.get(Grant.MEMBER_ID), facts.get(Grant.GRANTED_AT));
        }
    }

    public Entitlement {
        grants = List.copyOf(grants);
    }
}
