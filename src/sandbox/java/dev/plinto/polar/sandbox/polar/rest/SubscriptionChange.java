package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.Cancellations.Reason;
import dev.plinto.polar.sandbox.polar.Refusal;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.SubscriptionTerms.NewTerms;
import dev.plinto.polar.sandbox.polar.SubscriptionTerms.TrialEnd;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reads what a body asks to change of a subscription.
final class SubscriptionChange {

    private static final List<String> REASONS = List.of("customer_service", "low_quality", "missing_features",
            "switched_service", "too_complex", "too_expensive", "unused", "other");
    private static final List<String> PRORATIONS = List.of("invoice", "prorate", "next_period", "reset");

    private final SimulatedPolar polar;

    SubscriptionChange(SimulatedPolar polar) {
        this.polar = polar;
    }

    /// A change that is read and has Polar's form.
    interface Change {

        void to(UUID subscription);
    }

    /// @throws InvalidRequest if the body has not the form of one change
    Change read(Body body) {
        Change change = switch (SubscriptionShape.of(body)) {
            case TERMS -> terms(body);
            case SEATS -> seats(body.require("seats"));
            case UNITS -> units(body.require("units"));
            case PERIOD -> period(body.require("current_billing_period_end"));
            case CANCEL -> cancel(body.require("cancel_at_period_end"));
            case REVOKE -> revoke(body);
            case PAUSE -> pause(body.require("pause_at_period_end"));
            case RESUME -> resume(body);
            case WITHDRAW -> withdraw(body);
        };
        body.check();
        return change;
    }

    private Change terms(Body body) {
        Optional<UUID> product = body.id("product_id");
        Optional<String> proration = body.oneOf("proration_behavior", PRORATIONS);
        Optional<UUID> discount = body.id("discount_id");
        Optional<TrialEnd> trialEnd = trialEnd(body);
        Optional<Map<String, Object>> metadata = body.metadata("metadata");
        if (product.isPresent() && trialEnd.isPresent()) {
            body.refuse("trial_end", "extra_forbidden",
                    "The simulated Polar does not change the product and the trial in one call");
        }
        NewTerms terms = new NewTerms(
                trialEnd.orElse(null), body.has("discount_id"), discount.orElse(null), metadata.orElse(null));
        return product.isPresent()
                ? id -> polar.planChanges().changeProduct(id, product.get(), proration.orElse(null), terms)
                : id -> polar.terms().update(id, terms);
    }

    private static Optional<TrialEnd> trialEnd(Body body) {
        return body.node("trial_end").asText().equals("now")
                ? Optional.of(new TrialEnd.Now())
                : body.time("trial_end").map(TrialEnd.At::new);
    }

    private Change seats(Body body) {
        Optional<Integer> seats = body.number("seats", Integer.MIN_VALUE, Integer.MAX_VALUE);
        Optional<String> proration = body.oneOf("proration_behavior", PRORATIONS);
        return id -> polar.planChanges().changeSeats(id, seats.orElseThrow(), proration.orElse(null));
    }

    /// Nothing is sold by the unit.
    private static Change units(Body body) {
        body.number("units", Integer.MIN_VALUE, Integer.MAX_VALUE);
        body.oneOf("proration_behavior", PRORATIONS);
        return id -> {
            throw new Refusal(400, "NotAUnitBasedSubscription",
                    "This subscription does not support unit-based pricing.");
        };
    }

    private Change period(Body body) {
        Optional<Instant> end = body.time("current_billing_period_end");
        return id -> polar.terms().endPeriodAt(id, end.orElseThrow());
    }

    private Change cancel(Body body) {
        Optional<Boolean> cancel = body.flag("cancel_at_period_end");
        Reason why = why(body);
        return id -> {
            if (cancel.orElseThrow()) {
                polar.cancellations().cancelAtPeriodEnd(id, why);
            } else {
                polar.cancellations().uncancel(id);
            }
        };
    }

    private Change revoke(Body body) {
        requireTrue(body, "revoke");
        Reason why = why(body);
        return id -> polar.cancellations().revoke(id, why);
    }

    private static Reason why(Body body) {
        return new Reason(
                body.oneOf("customer_cancellation_reason", REASONS).orElse(null),
                body.text("customer_cancellation_comment").orElse(null));
    }

    private Change pause(Body body) {
        Optional<Boolean> pause = body.flag("pause_at_period_end");
        Optional<Instant> resumesAt = body.time("resumes_at");
        return id -> {
            if (pause.orElseThrow()) {
                polar.pauses().pauseAtPeriodEnd(id, resumesAt.orElse(null));
            } else {
                polar.pauses().withdraw(id);
            }
        };
    }

    private Change resume(Body body) {
        requireTrue(body, "resume");
        return polar.pauses()::resume;
    }

    private Change withdraw(Body body) {
        if (!body.node("pending_update").isNull()) {
            body.refuse("pending_update", "none_required", "Input should be None");
        }
        return polar.planChanges()::withdraw;
    }

    private static void requireTrue(Body body, String field) {
        if (!body.node(field).isBoolean() || !body.node(field).booleanValue()) {
            body.refuse(field, "literal_error", "Input should be True");
        }
    }
}
