package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// A subscription, grant or customer as Polar's API tells it.
///
/// @param modifiedAt when it was last touched; empty where it does not say
public record PolarObject(Kind kind, String id, Optional<Instant> modifiedAt, JsonNode json) {

    /// What is compared with what we hold.
    public enum Kind {
        CUSTOMER("/customers/", "created_at", Operation.LIST_CUSTOMERS),
        SUBSCRIPTION("/subscriptions/", "started_at", Operation.LIST_SUBSCRIPTIONS),
        GRANT("/benefit-grants/", "created_at", Operation.LIST_GRANTS);

        private final String path;
        private final String sorting;
        private final Operation list;

        Kind(String path, String sorting, Operation list) {
            this.path = path;
            this.sorting = sorting;
            this.list = list;
        }

        String path() {
            return path;
        }

        String sorting() {
            return sorting;
        }

        Operation list() {
            return list;
        }

        /// In records, metrics and answers.
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> of(String wireName) {
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

    static PolarObject of(Kind kind, Payload object) {
        return new PolarObject(kind, object.requiredId("id"), object.modifiedAt(), object.node());
    }
}
