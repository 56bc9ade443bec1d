package dev.plinto.polar.polar;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plinto.polar.ExactJson;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// The ids that a body names, wherever in it, also if it could not be understood: of a body that breaks off, those
/// before the break.
public final class NamedIds {

    /// The texts of all keys that are `id` or end in `_id`, such as a customer's `external_id`.
    public static Set<String> in(byte[] body) {
        Set<String> ids = new HashSet<>();
        try (JsonParser json = ExactJson.FACTORY.createParser(body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING && isId(json.currentName())) {
                    ids.add(json.getText());
                }
            }
        } catch (IOException notJson) {
            // what was read before it counts
        }
        return ids;
    }

    private static boolean isId(String key) {
        return key != null && (key.equals("id") || key.endsWith("_id"));
    }

    private NamedIds() {}
}
