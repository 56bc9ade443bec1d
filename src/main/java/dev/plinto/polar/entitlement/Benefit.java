package dev.plinto.polar.entitlement;

import java.util.List;

/// A benefit, kept for display only; no rule reads it.
public record Benefit(Id.Benefit id, Facts facts) implements TrackedObject {

    public static final Field<String> TYPE = Field.text("type");
    public static final Field<String> DESCRIPTION = Field.text("description");
    public static final Field<String> METADATA = Field.json("metadata");

    public static final List<Field<?>> FIELDS = List.of(TYPE, DESCRIPTION, METADATA);

    @Override
    public Benefit with(Facts other) {
        return new Benefit(id, other);
    }
}
