package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// A person of a customer. `external_id` is our user.
public record Member(Id.Member id, Facts facts) implements Reference {

    public static final Field<String> CUSTOMER_ID = Field.text("customer_id");
    public static final Field<String> EXTERNAL_ID = Field.text("external_id").personal();
    public static final Field<String> EMAIL = Field.text("email").personal();
    public static final Field<String> NAME = Field.text("name").personal();
    /// `owner`, `billing_manager` or `member`.
    public static final Field<String> ROLE = Field.text("role");
    public static final Field<Instant> CREATED_AT = Field.time("created_at");
    public static final Field<Instant> DELETED_AT = Field.time("deleted_at");

    public static final List<Field<?>> FIELDS = List.of(CUSTOMER_ID, EXTERNAL_ID, EMAIL, NAME, ROLE, CREATED_AT,
            DELETED_AT);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Member with(Facts other) {
        return new Member(id, other);
    }
}
