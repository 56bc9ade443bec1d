package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a merchant asks of a hosted checkout. With plans it sells a subscription, which only a card can pay. `name`,
/// the URLs and `expiresAt` may be null; `others` are fields that have no effect here, and are told as they were sent.
public record CheckoutTerms(
        Set<PaymentMethod> allowed,
        List<String> planIds,
        String name,
        String successUrl,
        String failureUrl,
        Instant expiresAt,
        ObjectNode others) {

    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(365);
    /// For a checkout that names no end.
    private static final Duration USUAL = Duration.ofDays(3);

    /// @throws Refusal (422) if something else than a card is to pay a subscription
    public CheckoutTerms {
        planIds = List.copyOf(planIds);
        allowed = EnumSet.copyOf(allowed.isEmpty() ? usual(planIds) : allowed);
        if (!planIds.isEmpty() && !allowed.equals(Set.of(PaymentMethod.CARD))) {
            throw Refusal.invalid("checkout.allowed_payment_methods", "only card is allowed with plan_ids");
        }
    }

    /// Of a checkout that only this is asked of.
    public static CheckoutTerms of(Set<PaymentMethod> allowed) {
        return new CheckoutTerms(allowed, List.of(), null, null, null, null, null);
    }

    public static CheckoutTerms ofPlan(String plan) {
        return new CheckoutTerms(Set.of(), List.of(plan), null, null, null, null, null);
    }

    public CheckoutTerms until(Instant end) {
        return new CheckoutTerms(allowed, planIds, name, successUrl, failureUrl, end, others);
    }

    /// @throws Refusal (422) if the end is not 5 minutes to 365 days from now
    Instant end(Instant now) {
        if (expiresAt == null) {
            return now.plus(USUAL);
        }
        if (expiresAt.isBefore(now.plus(SHORTEST)) || expiresAt.isAfter(now.plus(LONGEST))) {
            throw Refusal.invalid("checkout.expires_at", "expires_at is 5 minutes to 365 days from now");
        }
        return expiresAt;
    }

    private static Set<PaymentMethod> usual(List<String> planIds) {
        return planIds.isEmpty() ? EnumSet.allOf(PaymentMethod.class) : EnumSet.of(PaymentMethod.CARD);
    }
}
