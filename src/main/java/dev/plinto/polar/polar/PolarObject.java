package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One of Polar's objects as its API returned it.
///
/// @param modifiedAt when Polar last modified it; empty if Polar does not state it
public record PolarObject(Kind kind, String id, Optional<Instant> modifiedAt, JsonNode json) {

    /// The kinds that reconciliation compares with our state.
    public enum Kind {
        CUSTOMER, SUBSCRIPTION, GRANT, PRODUCT, METER, ORDER, CHECKOUT, MEMBER, SEAT, CUSTOMER_METER;

        /// Whether it depends on such objects what an account may use. The others are kept to be read; of orders, also
        /// whose a one-time purchase is.
        public boolean decidesAccess() {
            return switch (this) {
                case CUSTOMER, SUBSCRIPTION, GRANT -> true;
                case PRODUCT, METER, ORDER, CHECKOUT, MEMBER, SEAT, CUSTOMER_METER -> false;
            };
        }

        /// As written in records, metrics and answers.
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(@Nullable String wireName) {
            for (Kind kind : values()) {
                if (kind.wireName().equals(wireName)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    public PolarObject {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(json, "json");
    }

    /// Empty if Polar does not state it.
    public Optional<Instant> createdAt() {
        return Optional.ofNullable(new Payload(kind.wireName(), json).time("created_at"));
    }

    /// The organization at Polar that it belongs to; empty if it does not name it.
    public Optional<String> merchant() {
        return EventReader.merchantOf("", new Payload(kind.wireName(), json));
    }

    /// The same object with null for what tells of a person, and all that decides access.
    public PolarObject withoutPersonalData() {
        return new PolarObject(kind, id, modifiedAt, ImpersonalObject.of(kind, json));
    }

    /// Without the object, which has personal data.
    @Override
    public String toString() {
        return "PolarObject[kind=" + kind + ", id=" + id + "]";
    }

    public static PolarObject of(Kind kind, Payload object) {
        return new PolarObject(kind, object.requiredId("id"), object.modifiedAt(), object.node());
    }
}
