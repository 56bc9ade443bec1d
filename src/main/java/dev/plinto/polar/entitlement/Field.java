package dev.plinto.polar.entitlement;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// A field of objects of one kind. Its name is Polar's, and the name of the column that stores it.
///
/// @param isAdded whether releases that store objects of this kind do not know the field: beside such a release, its
///                stamp cannot be told by those of the fields that both know
public record Field<T>(String name, Type type, boolean isAdded) {

    /// The type of a field's values. `JSON` is a text with a JSON document; `TEXTS` an ordered set of texts.
    public enum Type { TEXT, JSON, INTEGER, DECIMAL, BOOLEAN, TIME, TEXTS }

    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    static Field<String> text(String name) {
        return new Field<>(name, Type.TEXT, false);
    }

    static Field<String> json(String name) {
        return new Field<>(name, Type.JSON, false);
    }

    static Field<Long> integer(String name) {
        return new Field<>(name, Type.INTEGER, false);
    }

    static Field<BigDecimal> decimal(String name) {
        return new Field<>(name, Type.DECIMAL, false);
    }

    static Field<Boolean> bool(String name) {
        return new Field<>(name, Type.BOOLEAN, false);
    }

    static Field<Instant> time(String name) {
        return new Field<>(name, Type.TIME, false);
    }

    static Field<List<String>> texts(String name) {
        return new Field<>(name, Type.TEXTS, false);
    }

    /// The same field, of a kind that earlier releases store without it.
    Field<T> added() {
        return new Field<>(name, type, true);
    }
}
