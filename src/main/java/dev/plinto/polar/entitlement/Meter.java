package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;

/// What usage is measured by. Polar tells it in its list only.
public record Meter(Id.Meter id, Facts facts) implements Reference {

    public static final Field<String> NAME = Field.text("name");
    public static final Field<Instant> ARCHIVED_AT = Field.time("archived_at");

    public static final List<Field<?>> FIELDS = List.of(NAME, ARCHIVED_AT);

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Meter with(Facts other) {
        return new Meter(id, other);
    }
}
