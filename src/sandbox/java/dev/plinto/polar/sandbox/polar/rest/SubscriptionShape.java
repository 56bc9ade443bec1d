package dev.plinto.polar.sandbox.polar.rest;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The kinds of change of a subscription. A body has one of them: its leading field, one of them at least, and fields
/// that belong to it.
enum SubscriptionShape {

    TERMS,
    SEATS,
    UNITS,
    PERIOD,
    CANCEL,
    REVOKE,
    PAUSE,
    RESUME,
    WITHDRAW;

    private List<String> leading() {
        return switch (this) {
            case TERMS -> List.of("product_id", "discount_id", "trial_end", "metadata");
            case SEATS -> List.of("seats");
            case UNITS -> List.of("units");
            case PERIOD -> List.of("current_billing_period_end");
            case CANCEL -> List.of("cancel_at_period_end");
            case REVOKE -> List.of("revoke");
            case PAUSE -> List.of("pause_at_period_end");
            case RESUME -> List.of("resume");
            case WITHDRAW -> List.of("pending_update");
        };
    }

    private List<String> further() {
        return switch (this) {
            case TERMS, SEATS, UNITS -> List.of("proration_behavior");
            case CANCEL, REVOKE -> List.of("customer_cancellation_reason", "customer_cancellation_comment");
            case PAUSE -> List.of("resumes_at");
            case PERIOD, RESUME, WITHDRAW -> List.of();
        };
    }

    private Stream<String> fields() {
        return Stream.concat(leading().stream(), further().stream());
    }

    /// @throws InvalidRequest if the body has no shape, or fields of another one
    static SubscriptionShape of(Body body) {
        SubscriptionShape shape = Arrays.stream(values())
                .filter(each -> each.leading().stream().anyMatch(body::has))
                .findFirst()
                .orElseThrow(() -> InvalidRequest.body("missing", "One of these fields is required: "
                        + Arrays.stream(values()).flatMap(each -> each.leading().stream()).toList()));
        Arrays.stream(values()).flatMap(SubscriptionShape::fields).distinct()
                .filter(field -> body.has(field) && shape.fields().noneMatch(field::equals))
                .forEach(field -> body.refuse(field, "extra_forbidden",
                        "A call has one kind of change; this field does not belong to " + shape.leading()));
        body.check();
        return shape;
    }
}
