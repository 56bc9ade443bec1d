package dev.plinto.polar.entitlement;

import java.util.List;

/// A product, kept for display only; no rule reads it.
public record Product(Id.Product id, Facts facts) implements TrackedObject {

    public static final Field<String> NAME = Field.text("name");
    public static final Field<String> DESCRIPTION = Field.text("description");
    public static final Field<Boolean> IS_ARCHIVED = Field.bool("is_archived");
    public static final Field<String> METADATA = Field.json("metadata");

    public static final List<Field<?>> FIELDS = List.of(NAME, DESCRIPTION, IS_ARCHIVED, METADATA);

    @Override
    public Product with(Facts other) {
        return new Product(id, other);
    }
}
