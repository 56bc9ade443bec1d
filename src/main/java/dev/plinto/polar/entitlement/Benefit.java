package dev.plinto.polar.entitlement;

import java.util.List;

/// A benefit, as products name it.
public record Benefit(Id.Benefit id, Facts facts) implements Reference {

    public static final Field<String> TYPE = Field.text("type");
    public static final Field<String> DESCRIPTION = Field.text("description");
    public static final Field<String> METADATA = Field.json("metadata");

    public static final List<Field<?>> FIELDS = List.of(TYPE, DESCRIPTION, METADATA);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Benefit with(Facts other) {
        return new Benefit(id, other);
    }
}
