package dev.plinto.polar.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.TrackedObject;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Converts a field's values to and from PostgreSQL's types.
final class FieldColumn {

    static final ObjectMapper JSON = new ObjectMapper();

    static String typeOf(Field<?> field) {
        return switch (field.type()) {
            case TEXT -> "text";
            case JSON -> "json";
            case INTEGER -> "bigint";
            case DECIMAL -> "numeric";
            case BOOLEAN -> "boolean";
            case TIME -> "timestamptz";
            case TEXTS -> "jsonb";
        };
    }

    static @Nullable Object read(Field<?> field, Row row, int column) {
        return switch (field.type()) {
            case TEXT, JSON -> row.getString(column);
            case INTEGER -> row.getLong(column);
            case DECIMAL -> decimal(row.getString(column));
            case BOOLEAN -> row.getBoolean(column);
            case TIME -> instant(row.getOffsetDateTime(column));
            case TEXTS -> texts(row.getString(column));
        };
    }

    /// The field's values of all rows, as an array for `unnest`.
    static Object write(Field<?> field, List<? extends TrackedObject> rows) {
        Stream<?> values = rows.stream().map(row -> row.facts().get(field));
        return switch (field.type()) {
            case TEXT, JSON -> values.toArray(String[]::new);
            case INTEGER -> values.toArray(Long[]::new);
            case DECIMAL -> values.map(FieldColumn::textOrNull).toArray(String[]::new);
            case BOOLEAN -> values.toArray(Boolean[]::new);
            case TIME -> times(values.map(Instant.class::cast));
            case TEXTS -> values.map(FieldColumn::jsonOrNull).toArray(String[]::new);
        };
    }

    static @Nullable OffsetDateTime[] times(Stream<@Nullable Instant> times) {
        return times.map(time -> time == null ? null : offset(time)).toArray(OffsetDateTime[]::new);
    }

    static OffsetDateTime offset(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) { // lists and maps of texts
            throw new IllegalStateException(impossible);
        }
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private static @Nullable String textOrNull(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String jsonOrNull(@Nullable Object value) {
        return value == null ? null : json(value);
    }

    private static @Nullable List<String> texts(@Nullable String json) {
        if (json == null) {
            return null;
        }
        try {
            return List.of(JSON.readValue(json, String[].class));
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a stored list of ids is not a JSON array", corrupt);
        }
    }

    private FieldColumn() {}
}
