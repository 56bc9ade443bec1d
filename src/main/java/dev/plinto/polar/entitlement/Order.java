package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// A purchase, the first one or a renewal. Amounts are in the currency's minor unit.
public record Order(Id.Order id, Facts facts) implements TrackedObject, Scope {

    public static final Field<String> CUSTOMER_ID = Scope.CUSTOMER_ID;
    public static final Field<String> ORGANIZATION_ID = Scope.ORGANIZATION_ID;
    public static final Field<String> SUBSCRIPTION_ID = Field.text("subscription_id");
    public static final Field<String> PRODUCT_ID = Scope.PRODUCT_ID;
    public static final Field<String> STATUS = Scope.STATUS;
    public static final Field<String> BILLING_REASON = Field.text("billing_reason");
    public static final Field<Long> TOTAL_AMOUNT = Field.integer("total_amount");
    public static final Field<Long> REFUNDED_AMOUNT = Field.integer("refunded_amount");
    public static final Field<String> CURRENCY = Field.text("currency");
    public static final Field<Instant> CREATED_AT = Field.time("created_at").added();
    public static final Field<String> CHECKOUT_ID = Field.text("checkout_id").added();
    /// As the order embeds it: what the product was called then.
    public static final Field<String> PRODUCT_NAME = Field.text("product_name").added();
    public static final Field<Long> SUBTOTAL_AMOUNT = Field.integer("subtotal_amount").added();
    public static final Field<Long> DISCOUNT_AMOUNT = Field.integer("discount_amount").added();
    public static final Field<Long> TAX_AMOUNT = Field.integer("tax_amount").added();
    public static final Field<String> INVOICE_NUMBER = Field.text("invoice_number").added();
    /// Null for an order without seats.
    public static final Field<Long> SEATS = Field.integer("seats").added();

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, ORGANIZATION_ID, SUBSCRIPTION_ID, PRODUCT_ID,
            STATUS, BILLING_REASON, TOTAL_AMOUNT, REFUNDED_AMOUNT, CURRENCY, CREATED_AT, CHECKOUT_ID, PRODUCT_NAME,
            SUBTOTAL_AMOUNT, DISCOUNT_AMOUNT, TAX_AMOUNT, INVOICE_NUMBER, SEATS);

    /// Something of it is not refunded. (A price of 0 is paid, and nothing of it can be refunded.)
    @Override
    public boolean isPaidFor() {
        long total = facts.find(TOTAL_AMOUNT).orElse(0L);
        boolean isKept = facts.find(REFUNDED_AMOUNT).orElse(0L) < total;
        return switch (facts.find(STATUS).orElse("")) {
            case "paid" -> isKept || total == 0;
            case "partially_refunded" -> isKept;
            default -> false;
        };
    }

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Order with(Facts other) {
        return new Order(id, other);
    }
}
