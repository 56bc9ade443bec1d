package dev.plinto.polar.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/// The log of a packaged service, line by line.
public final class JsonLog {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// @param output of the process; the JVM's own line is left out
    public static List<JsonNode> lines(String output) {
        return output.lines().filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS")).map(JsonLog::json)
                .toList();
    }

    /// The errors logged by our own classes.
    public static List<JsonNode> errors(String output) {
        return output.lines().filter(line -> line.contains("\"ERROR\"")).map(JsonLog::json)
                .filter(line -> line.path("level").asText().equals("ERROR"))
                .filter(line -> line.path("loggerName").asText().startsWith("dev.plinto"))
                .toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("a log line is not JSON: " + line, notJson);
        }
    }

    private JsonLog() {}
}
