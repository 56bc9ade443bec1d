package dev.plinto.polar.entitlement;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// A benefit, as products name it.
public record Benefit(Id.Benefit id, Facts facts) implements Reference {

    public static final Field<String> TYPE = Field.text("type");
    public static final Field<String> DESCRIPTION = Field.text("description");
    public static final Field<String> METADATA = Field.json("metadata");

    /// What the metadata's key `feature` says. It is not stored: whoever reads [#METADATA], of a statement or of a row,
    /// states it with that field's stamp.
    public static final Field<String> FEATURE = Field.text("feature");

    public static final List<Field<?>> FIELDS = List.of(TYPE, DESCRIPTION, METADATA);

    @Override
    public boolean decidesAs(Reference other) {
        return facts.isEmpty() == other.facts().isEmpty() && Stream.of(TYPE, DESCRIPTION, FEATURE)
                .allMatch(field -> Objects.equals(facts.get(field), other.facts().get(field)));
    }

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public Benefit with(Facts other) {
        return new Benefit(id, other);
    }
}
