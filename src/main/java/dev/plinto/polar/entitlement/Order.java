package dev.plinto.polar.entitlement;

import java.util.List;

/// A purchase, the first one or a renewal. Amounts are in the currency's minor unit.
public record Order(Id.Order id, Facts facts) implements TrackedObject, Scope {

    public static final Field<String> CUSTOMER_ID = Scope.CUSTOMER_ID;
    public static final Field<String> ORGANIZATION_ID = Scope.ORGANIZATION_ID;
    public static final Field<String> SUBSCRIPTION_ID = Field.text("subscription_id");
    public static final Field<String> PRODUCT_ID = Field.text("product_id");
    public static final Field<String> STATUS = Field.text("status");
    public static final Field<String> BILLING_REASON = Field.text("billing_reason");
    public static final Field<Long> TOTAL_AMOUNT = Field.integer("total_amount");
    public static final Field<Long> REFUNDED_AMOUNT = Field.integer("refunded_amount");
    public static final Field<String> CURRENCY = Field.text("currency");

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, ORGANIZATION_ID, SUBSCRIPTION_ID, PRODUCT_ID,
            STATUS, BILLING_REASON, TOTAL_AMOUNT, REFUNDED_AMOUNT, CURRENCY);

    @Override
    public Order with(Facts other) {
        return new Order(id, other);
    }
}
