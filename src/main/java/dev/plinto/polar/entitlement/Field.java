package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// A field of objects of one kind. Its name is Polar's, and the name of the column that stores it.
public record Field<T>(String name, Type type) {

    /// The type of a field's values. `JSON` is a text with a JSON object; `TEXTS` an ordered set of texts.
    public enum Type { TEXT, JSON, INTEGER, BOOLEAN, TIME, TEXTS }

    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    static Field<String> text(String name) {
        return new Field<>(name, Type.TEXT);
    }

    static Field<String> json(String name) {
        return new Field<>(name, Type.JSON);
    }

    static Field<Long> integer(String name) {
        return new Field<>(name, Type.INTEGER);
    }

    static Field<Boolean> bool(String name) {
        return new Field<>(name, Type.BOOLEAN);
    }

    static Field<Instant> time(String name) {
        return new Field<>(name, Type.TIME);
    }

    static Field<List<String>> texts(String name) {
        return new Field<>(name, Type.TEXTS);
    }
}
