package dev.plinto.polar.conekta;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinto.polar.BodyJson;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.Rfc3339;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is read of Conekta's events before they are interpreted, in one pass over the bytes, without building a tree.
///
/// @param eventId null if the event has none that can be stored
record ConektaEnvelope(Envelope envelope, @Nullable String eventId) {

    /// Empty if the bytes are not an event: not exactly one JSON object in UTF-8, or without a type.
    static Optional<ConektaEnvelope> scan(byte[] body) {
        return BodyJson.read(body, bytes -> scan(ExactJson.FACTORY.createParser(bytes)),
                text -> scan(ExactJson.FACTORY.createParser(text))).flatMap(Scan::result);
    }

    private static Scan scan(JsonParser document) throws IOException {
        try (JsonParser json = document) {
            Scan scan = new Scan();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            scan.event(json);
            if (json.nextToken() != null) {
                throw new IOException("more than one value");
            }
            return scan;
        }
    }

    private static final class Scan {

        private @Nullable String type;
        private @Nullable String eventId;
        private @Nullable String createdAt;
        private @Nullable String objectId;
        private @Nullable String customerId;
        private @Nullable String buyerId;

        Optional<ConektaEnvelope> result() {
            return type != null && Envelope.isName(type)
                    ? Optional.of(new ConektaEnvelope(
                            new Envelope(type, time(createdAt), firstName(customerId, buyerId, objectId)),
                            isStorable(eventId) ? eventId : null))
                    : Optional.empty();
        }

        /// With what tells it from the ids of other providers.
        private static boolean isStorable(@Nullable String id) {
            return Envelope.isName(id) && Envelope.isName(ConektaDialect.ID_PREFIX + id);
        }

        private static @Nullable String time(@Nullable String seconds) {
            return Optional.ofNullable(seconds).flatMap(EpochSeconds::parse).map(Rfc3339::format).orElse(null);
        }

        private static @Nullable String firstName(@Nullable String... texts) {
            for (String text : texts) {
                if (Envelope.isName(text)) {
                    return text;
                }
            }
            return null;
        }

        private interface Reader {
            void read(JsonParser object) throws IOException;
        }

        void event(JsonParser json) throws IOException {
            Set<String> seen = new HashSet<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (!seen.add(name)) {
                    throw new IOException("a duplicate key");
                }
                switch (name) {
                    case "id" -> eventId = text(json, value);
                    case "type" -> type = text(json, value);
                    case "created_at" -> createdAt = textOrNumber(json, value);
                    case "data" -> object(json, value, this::data);
                    default -> json.skipChildren();
                }
            }
        }

        private void data(JsonParser json) throws IOException {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "object" -> object(json, value, this::changed);
                    default -> json.skipChildren();
                }
            }
        }

        private void changed(JsonParser json) throws IOException {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "id" -> objectId = text(json, value);
                    case "customer_id" -> customerId = text(json, value);
                    case "customer_info" -> object(json, value, this::buyer);
                    default -> json.skipChildren();
                }
            }
        }

        private void buyer(JsonParser json) throws IOException {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "customer_id" -> buyerId = text(json, value);
                    default -> json.skipChildren();
                }
            }
        }

        private static void object(JsonParser json, JsonToken value, Reader reader) throws IOException {
            if (value == JsonToken.START_OBJECT) {
                reader.read(json);
            } else {
                json.skipChildren();
            }
        }

        private static @Nullable String text(JsonParser json, JsonToken value) throws IOException {
            return value == JsonToken.VALUE_STRING ? json.getText() : skip(json);
        }

        private static @Nullable String textOrNumber(JsonParser json, JsonToken value) throws IOException {
            return value == JsonToken.VALUE_NUMBER_INT ? json.getText() : text(json, value);
        }

        private static @Nullable String skip(JsonParser json) throws IOException {
            json.skipChildren();
            return null;
        }
    }
}
