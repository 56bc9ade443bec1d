package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.PlainText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

/// What the sender of a checkout wants to find again at its order and subscription, within Polar's limits. The service
/// adds keys of its own, which say whose the purchase is: whatever the sender writes there is dropped.
final class Metadata {

    private static final int MOST_KEYS_OF_POLAR = 50;
    /// `organization_id`, `user_id`, and what follows `plinto_`.
    private static final int OURS = 10;
    static final int MOST_KEYS = MOST_KEYS_OF_POLAR - OURS;

    private static final int LONGEST_KEY = 40;
    private static final int LONGEST_VALUE = 500;

    static boolean isOurs(String key) {
        return key.equals("organization_id") || key.equals("user_id") || key.startsWith("plinto_");
    }

    /// Without the keys that are ours.
    static Map<String, JsonNode> read(Fields fields, String name) {
        Map<String, JsonNode> metadata = new LinkedHashMap<>();
        JsonNode values = fields.value(name);
        if (!fields.has(name)) {
            return metadata;
        }
        if (!values.isObject()) {
            fields.fault(name, "must be an object");
            return metadata;
        }
        values.properties().stream().filter(entry -> !isOurs(entry.getKey())).forEach(entry -> {
            if (isValid(entry)) {
                metadata.put(entry.getKey(), entry.getValue());
            } else {
                fields.fault(name,
                        "must have keys of 1 to " + LONGEST_KEY + " characters, and values that are numbers, "
                                + "true, false, or texts of 1 to " + LONGEST_VALUE + " characters, none with control "
                                + "characters");
            }
        });
        if (metadata.size() > MOST_KEYS) {
            fields.fault(name, "must have at most " + MOST_KEYS + " keys");
        }
        return metadata;
    }

    private static boolean isValid(Entry<String, JsonNode> entry) {
        String key = entry.getKey();
        JsonNode value = entry.getValue();
        return key.length() <= LONGEST_KEY && PlainText.isOne(key) && (value.isBoolean()
                || Fields.isNumber(value, LONGEST_VALUE)
                || value.isTextual() && value.textValue().length() <= LONGEST_VALUE
                        && PlainText.isOne(value.textValue()));
    }

    private Metadata() {}
}
