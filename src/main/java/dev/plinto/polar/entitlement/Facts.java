package dev.plinto.polar.entitlement;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What is known of one object: per [Field] the newest statement that carries it. A single statement about the object is
/// itself such a set of facts, so that knowing more is always [#merge], field by field.
public final class Facts {

    public static final Facts NONE = new Facts(Map.of());

    private final Map<Field<?>, StampedValue<?>> told;

    private Facts(Map<Field<?>, StampedValue<?>> told) {
        this.told = told;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// A statement in the making: all its fields carry the same stamp.
    public static StatementBuilder saidAt(Stamp stamp) {
        return new StatementBuilder(stamp);
    }

    /// Null when never told, or told to be nothing.
    public <T> T get(Field<T> field) {
        StampedValue<T> found = told(field);
        return found == null ? null : found.value();
    }

    public <T> Optional<T> find(Field<T> field) {
        return Optional.ofNullable(get(field));
    }

    /// Null when no statement carried the field.
    @SuppressWarnings("unchecked") // Builder.put lets only a Told<T> stand behind a Field<T>
    public <T> StampedValue<T> told(Field<T> field) {
        return (StampedValue<T>) told.get(field);
    }

    public boolean isEmpty() {
        return told.isEmpty();
    }

    public Facts merge(Facts other) {
        Map<Field<?>, StampedValue<?>> merged = new HashMap<>(told);
        for (Field<?> field : other.told.keySet()) {
            mergeField(merged, field, other);
        }
        return merged.equals(told) ? this : new Facts(merged);
    }

    private <T> void mergeField(Map<Field<?>, StampedValue<?>> merged, Field<T> field, Facts other) {
        merged.put(field, StampedValue.newest(told(field), other.told(field)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Facts facts && told.equals(facts.told);
    }

    @Override
    public int hashCode() {
        return told.hashCode();
    }

    @Override
    public String toString() {
        return told.toString();
    }

    /// Facts from storage, where each field may have been told by another statement.
    public static final class Builder {

        private final Map<Field<?>, StampedValue<?>> told = new HashMap<>();

        private Builder() {}

        public <T> Builder put(Field<T> field, StampedValue<T> value) {
            told.put(field, value);
            return this;
        }

        public Facts build() {
            return new Facts(Map.copyOf(told));
        }
    }

    /// The fields that one statement carries.
    public static final class StatementBuilder {

        private final Stamp stamp;
        private final Builder facts = builder();

        private StatementBuilder(Stamp stamp) {
            this.stamp = stamp;
        }

        public <T> StatementBuilder carries(Field<T> field, T value) {
            facts.put(field, new StampedValue<>(value, stamp));
            return this;
        }

        /// For what never changes once it is known (a grant's scope): not having it is not a statement.
        public <T> StatementBuilder carriesIfPresent(Field<T> field, T value) {
            return value == null ? this : carries(field, value);
        }

        public Facts build() {
            return facts.build();
        }
    }
}
