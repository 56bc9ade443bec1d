package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// A seat of a subscription or an order, of which a member makes use once it is claimed.
public record Seat(Id.Seat id, Facts facts) implements Reference {

    public static final Field<String> SUBSCRIPTION_ID = Field.text("subscription_id");
    public static final Field<String> ORDER_ID = Field.text("order_id");
    /// `pending`, `claimed` or `revoked`.
    public static final Field<String> STATUS = Field.text("status");
    public static final Field<String> CUSTOMER_ID = Field.text("customer_id");
    public static final Field<String> MEMBER_ID = Field.text("member_id");
    public static final Field<String> EMAIL = Field.text("email").personal();
    public static final Field<Instant> CREATED_AT = Field.time("created_at");
    public static final Field<Instant> CLAIMED_AT = Field.time("claimed_at");
    public static final Field<Instant> REVOKED_AT = Field.time("revoked_at");

    public static final List<Field<?>> FIELDS = List.of(SUBSCRIPTION_ID, ORDER_ID, STATUS, CUSTOMER_ID, MEMBER_ID,
            EMAIL, CREATED_AT, CLAIMED_AT, REVOKED_AT);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Seat with(Facts other) {
        return new Seat(id, other);
    }
}
