package dev.plinto.polar.entitlement;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/// A field of objects of one kind. Its name is Polar's, and the name of the column that stores it.
///
/// @param isAdded whether releases that store objects of this kind do not know the field: beside such a release, its
///                stamp cannot be told by those of the fields that both know
/// @param isPersonal whether its values name a person, or tell something of one
public record Field<T>(String name, Type type, boolean isAdded, boolean isPersonal) {

    /// The type of a field's values. `JSON` is a text with a JSON document; `TEXTS` an ordered set of texts.
    public enum Type { TEXT, JSON, INTEGER, DECIMAL, BOOLEAN, TIME, TEXTS }

    public Field {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    static Field<String> text(String name) {
        return of(name, Type.TEXT);
    }

    static Field<String> json(String name) {
        return of(name, Type.JSON);
    }

    static Field<Long> integer(String name) {
        return of(name, Type.INTEGER);
    }

    static Field<BigDecimal> decimal(String name) {
        return of(name, Type.DECIMAL);
    }

    static Field<Boolean> bool(String name) {
        return of(name, Type.BOOLEAN);
    }

    static Field<Instant> time(String name) {
        return of(name, Type.TIME);
    }

    static Field<List<String>> texts(String name) {
        return of(name, Type.TEXTS);
    }

    /// The same field, of a kind that earlier releases store without it.
    Field<T> added() {
        return new Field<>(name, type, true, isPersonal);
    }

    /// The same field, which an erasure empties.
    Field<T> personal() {
        return new Field<>(name, type, isAdded, true);
    }

    private static <T> Field<T> of(String name, Type type) {
        return new Field<>(name, type, false, false);
    }
}
