package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinto.polar.BodyJson;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.ExactJson;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the [Envelope] of Polar's events in one pass over the bytes, without building a tree.
public final class PolarEnvelope {

    private static final Pattern RFC_3339 = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    /// Empty if the bytes are not an event: not exactly one JSON object in UTF-8, or without a type.
    public static Optional<Envelope> scan(byte[] body) {
        return BodyJson.read(body, bytes -> scan(ExactJson.FACTORY.createParser(bytes)),
                text -> scan(ExactJson.FACTORY.createParser(text))).flatMap(Scan::result);
    }

    private static Scan scan(JsonParser document) throws IOException {
        try (JsonParser json = document) {
            Scan scan = new Scan();
            scan.envelope(json);
            if (json.nextToken() != null) {
                throw new IOException("more than one value");
            }
            return scan;
        }
    }

    private static boolean isTime(@Nullable String text) {
        if (text == null || !RFC_3339.matcher(text).matches()) {
            return false;
        }
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException notATime) { // the 31st of November
            return false;
        }
    }

    private static final class Scan {

        private @Nullable String type;
        private @Nullable String timestamp;
        private @Nullable String id;
        private @Nullable String customerId;

        Optional<Envelope> result() {
            if (type == null || !Envelope.isName(type)) {
                return Optional.empty();
            }
            String subject = type.startsWith("customer.") || !Envelope.isName(customerId) ? id : customerId;
            return Optional.of(
                    new Envelope(type, isTime(timestamp) ? timestamp : null,
                            Envelope.isName(subject) ? subject : null));
        }

        void envelope(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            Set<String> seen = new HashSet<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (!seen.add(name)) {
                    throw new IOException("a duplicate key");
                }
                switch (name) {
                    case "type" -> type = textOf(json, value);
                    case "timestamp" -> timestamp = textOf(json, value);
                    case "data" -> data(json, value);
                    default -> json.skipChildren();
                }
            }
        }

        private void data(JsonParser json, JsonToken first) throws IOException {
            if (first != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (name) {
                    case "id" -> id = textOf(json, value);
                    case "customer_id" -> customerId = textOf(json, value);
                    default -> json.skipChildren();
                }
            }
        }

        private static @Nullable String textOf(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            json.skipChildren();
            return null;
        }
    }

    private PolarEnvelope() {}
}
