package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// A subscription, with the product's name and metadata as its own statements embed them. The status is Polar's text:
/// no access to what Polar sold depends on it, and a status that Polar adds later must not stop the projection.
public record Subscription(Id.Subscription id, Facts facts) implements TrackedObject, Scope {

    public static final Field<String> CUSTOMER_ID = Scope.CUSTOMER_ID;
    public static final Field<String> ORGANIZATION_ID = Scope.ORGANIZATION_ID;
    public static final Field<String> PRODUCT_ID = Scope.PRODUCT_ID;
    public static final Field<String> PRODUCT_NAME = Field.text("product_name");
    public static final Field<String> PRODUCT_METADATA = Field.json("product_metadata");
    public static final Field<String> STATUS = Scope.STATUS;
    public static final Field<Boolean> CANCEL_AT_PERIOD_END = Field.bool("cancel_at_period_end");
    public static final Field<Instant> CURRENT_PERIOD_START = Field.time("current_period_start");
    public static final Field<Instant> CURRENT_PERIOD_END = Field.time("current_period_end");
    public static final Field<Instant> TRIAL_END = Field.time("trial_end");
    public static final Field<Instant> ENDS_AT = Field.time("ends_at");
    public static final Field<Instant> ENDED_AT = Field.time("ended_at");
    public static final Field<Long> SEATS = Field.integer("seats");
    public static final Field<Long> AMOUNT = Field.integer("amount");
    public static final Field<String> CURRENCY = Field.text("currency");
    public static final Field<String> RECURRING_INTERVAL = Field.text("recurring_interval");
    /// What it was bought by; null for one that was made without a checkout.
    public static final Field<String> CHECKOUT_ID = Field.text("checkout_id").added();

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, ORGANIZATION_ID, PRODUCT_ID, PRODUCT_NAME,
            PRODUCT_METADATA, STATUS, CANCEL_AT_PERIOD_END, CURRENT_PERIOD_START, CURRENT_PERIOD_END, TRIAL_END,
            ENDS_AT, ENDED_AT, SEATS, AMOUNT, CURRENCY, RECURRING_INTERVAL, CHECKOUT_ID);

    /// The organization is published as the account.
    static final List<Field<?>> PUBLISHED = FIELDS.stream()
            .filter(field -> !field.equals(ORGANIZATION_ID) && !field.equals(CHECKOUT_ID)).toList();

    @Override
    public boolean isPaidFor() {
        return switch (facts.find(STATUS).orElse("")) {
            case "active", "trialing" -> true;
            case "past_due", "canceled" -> !isPeriodOver();
            default -> false;
        };
    }

    /// No clock ends a period. It is over once a statement about this subscription, of the period's end or later, has
    /// not moved the end.
    private boolean isPeriodOver() {
        Instant end = facts.get(CURRENT_PERIOD_END);
        return end == null
                || !end.truncatedTo(Stamp.PRECISION).isAfter(facts.newest().orElseThrow().moment());
    }

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Subscription with(Facts other) {
        return new Subscription(id, other);
    }
}
