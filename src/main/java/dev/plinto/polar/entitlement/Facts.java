package dev.plinto.polar.entitlement;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of one object: for each [Field] the value of the newest statement that carries it. A single statement
/// is itself such a set of facts, so that new statements are always added by [#merge], field by field.
public final class Facts {

    public static final Facts NONE = new Facts(Map.of());

    private final Map<Field<?>, StampedValue<?>> values;
    private final Map<Field<?>, Stamp> denied;

    private Facts(Map<Field<?>, StampedValue<?>> values) {
        this(values, Map.of());
    }

    private Facts(Map<Field<?>, StampedValue<?>> values, Map<Field<?>, Stamp> denied) {
        this.values = values;
        this.denied = denied;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Starts a statement, whose fields all have the same stamp.
    public static StatementBuilder statedAt(Stamp stamp) {
        return new StatementBuilder(stamp);
    }

    /// Null if no statement carried the field, or if the newest one that did carried null.
    public <T> @Nullable T get(Field<T> field) {
        StampedValue<T> found = stamped(field);
        return found == null ? null : found.value();
    }

    public <T> Optional<T> find(Field<T> field) {
        return Optional.ofNullable(get(field));
    }

    /// Null if no statement carried the field.
    @SuppressWarnings("unchecked") // Builder.put stores only a StampedValue<T> for a Field<T>
    public <T> @Nullable StampedValue<T> stamped(Field<T> field) {
        return (StampedValue<T>) values.get(field);
    }

    /// Whether this statement [denies][StatementBuilder#denies] a value that an older one stated.
    public boolean denies(Facts known) {
        return denied.entrySet().stream().anyMatch(entry -> {
            StampedValue<?> value = known.stamped(entry.getKey());
            return value != null && value.value() != null && entry.getValue().isAfter(value.stamp());
        });
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// The newest of all statements that are known: each field of it counts. Empty if there is none.
    Optional<Stamp> newest() {
        return values.values().stream().map(StampedValue::stamp).max(Stamp::compareTo);
    }

    public Facts merge(Facts other) {
        Map<Field<?>, StampedValue<?>> merged = new HashMap<>(values);
        for (Field<?> field : other.values.keySet()) {
            mergeField(merged, field, other);
        }
        return merged.equals(values) ? this : new Facts(merged);
    }

    private <T> void mergeField(Map<Field<?>, StampedValue<?>> merged, Field<T> field, Facts other) {
        merged.put(field, StampedValue.newest(stamped(field), other.stamped(field)));
    }

    /// With null for each personal field, as if the same statements had said that: so any order of them ends alike.
    Facts withoutPersonalData() {
        Map<Field<?>, StampedValue<?>> left = new HashMap<>(values);
        left.replaceAll((field, value) -> field.isPersonal() ? new StampedValue<>(null, value.stamp()) : value);
        return new Facts(left, denied);
    }

    /// As if no statement had carried the field.
    Facts without(Field<?> field) {
        if (!values.containsKey(field)) {
            return this;
        }
        Map<Field<?>, StampedValue<?>> others = new HashMap<>(values);
        others.remove(field);
        return new Facts(others);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Facts facts && values.equals(facts.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    /// Facts from storage, whose fields may come from different statements.
    public static final class Builder {

        private final Map<Field<?>, StampedValue<?>> values = new HashMap<>();

        private Builder() {}

        public <T> Builder put(Field<T> field, StampedValue<T> value) {
            values.put(field, value);
            return this;
        }

        public Facts build() {
            return new Facts(Map.copyOf(values));
        }
    }

    /// The fields that a statement carries.
    public static final class StatementBuilder {

        private final Stamp stamp;
        private final Builder facts = builder();
        private final Map<Field<?>, Stamp> denied = new HashMap<>();

        private StatementBuilder(Stamp stamp) {
            this.stamp = stamp;
        }

        public <T> StatementBuilder carries(Field<T> field, @Nullable T value) {
            facts.put(field, new StampedValue<>(value, stamp));
            return this;
        }

        /// For fields that never change once they are known (a grant's scope): their absence is not a statement.
        public <T> StatementBuilder carriesIfPresent(Field<T> field, @Nullable T value) {
            return value == null ? this : carries(field, value);
        }

        /// For a field that keeps its value once it has one: that it is empty is the sender's error then, and changes
        /// nothing. [Facts#merge] leaves it out.
        public StatementBuilder denies(Field<?> field) {
            denied.put(field, stamp);
            return this;
        }

        public Facts build() {
            return new Facts(facts.build().values, Map.copyOf(denied));
        }
    }
}
