package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The little that the ingress must know of an event, read in one pass over the bytes and without building anything:
/// what it is, when Polar emitted it, and what must stay in order with it.
///
/// @param timestamp as Polar wrote it; null where it is missing, or no time as CloudEvents wants it (RFC 3339)
/// @param subject   the customer concerned, else the object; null where neither is told
public record Envelope(String type, String timestamp, String subject) {

    private static final int LONGEST_NAME = 256;
    private static final Pattern RFC_3339 = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    /// Empty where the bytes are no event: not one whole JSON object in UTF-8, or without a type.
    public static Optional<Envelope> scan(byte[] body) {
        if (!PolarJson.isUtf8(body)) {
            return Optional.empty();
        }
        try (JsonParser json = PolarJson.FACTORY.createParser(body)) {
            Scan scan = new Scan();
            scan.envelope(json);
            boolean whole = json.nextToken() == null;
            return whole && isName(scan.type) ? Optional.of(scan.result()) : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /// Whether the text can be a record's key or header, and stand in the database: printable ASCII, not too long.
    static boolean isName(String text) {
        return text != null && !text.isEmpty() && text.length() <= LONGEST_NAME
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    private static boolean isTime(String text) {
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

        private String type;
        private String timestamp;
        private String id;
        private String customerId;

        Envelope result() {
            String subject = type.startsWith("customer.") || !isName(customerId) ? id : customerId;
            return new Envelope(type, isTime(timestamp) ? timestamp : null, isName(subject) ? subject : null);
        }

        void envelope(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            Set<String> seen = new HashSet<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (!seen.add(name)) {
                    throw new IOException("a doubled key: which one counts?");
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

        private static String textOf(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return json.getText();
            }
            json.skipChildren();
            return null;
        }
    }
}
