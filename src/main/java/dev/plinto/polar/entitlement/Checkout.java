package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// An attempt to buy. Whose it is: the organization in its metadata, else `external_customer_id`, else its customer's.
/// Amounts are in the currency's minor unit.
public record Checkout(Id.Checkout id, Facts facts) implements Reference {

    /// Null until the buyer is known.
    public static final Field<String> CUSTOMER_ID = Field.text("customer_id");
    public static final Field<String> ORGANIZATION_ID = Field.text("organization_id");
    public static final Field<String> EXTERNAL_CUSTOMER_ID = Field.text("external_customer_id");
    /// Null while the buyer has not chosen one of several.
    public static final Field<String> PRODUCT_ID = Field.text("product_id");
    /// `open`, `expired`, `confirmed`, `succeeded` or `failed`.
    public static final Field<String> STATUS = Field.text("status");
    public static final Field<Long> TOTAL_AMOUNT = Field.integer("total_amount");
    public static final Field<String> CURRENCY = Field.text("currency");
    public static final Field<Long> SEATS = Field.integer("seats");
    public static final Field<Instant> CREATED_AT = Field.time("created_at");
    public static final Field<Instant> EXPIRES_AT = Field.time("expires_at");
    /// Which request of an application it was made for; null if somebody else made it.
    public static final Field<String> REQUEST_ID = Field.text("request_id").added();

    /// Its key in the metadata.
    public static final String REQUEST_KEY = "plinto_request_id";

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, ORGANIZATION_ID, EXTERNAL_CUSTOMER_ID, PRODUCT_ID,
            STATUS, TOTAL_AMOUNT, CURRENCY, SEATS, CREATED_AT, EXPIRES_AT, REQUEST_ID);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Checkout with(Facts other) {
        return new Checkout(id, other);
    }
}
