package dev.plinto.polar.entitlement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one event did to one benefit of an account. Its size does not depend on the number of grants.
///
/// @param grantCount how many live grants give the benefit afterwards
/// @param grants     the first of them by id, at most [#MAX_GRANTS]; if it was revoked, those that gave it before
public record BenefitChange(Account account, Effect effect, String benefitId, @Nullable String benefitType,
        @Nullable String description, @Nullable String feature, int grantCount, List<Entitlement.Through> grants) {

    static final int MAX_GRANTS = 5;

    /// `CHANGED`: the account may use it as before, but other grants give it, or its fields differ.
    public enum Effect { GRANTED, REVOKED, CHANGED }

    public BenefitChange {
        grants = List.copyOf(grants);
    }

    BenefitChange as(Effect other) {
        return new BenefitChange(account, other, benefitId, benefitType, description, feature,
                other == Effect.REVOKED ? 0 : grantCount, grants);
    }
}
