package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// A field that is known of objects of one kind. The name is Polar's own, and that of the column which keeps it.
public record Field<T>(String name, Type type) {

    /// What a field can hold. `JSON` is a text that holds a JSON object; `TEXTS` an ordered set of texts.
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
