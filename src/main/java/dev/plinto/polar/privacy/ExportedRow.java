package dev.plinto.polar.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a row as JSON: times in RFC 3339, JSON as it is stored, a body as the JSON that it is.
final class ExportedRow {

    static void write(Row row, List<String> columns, Map<String, String> types, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
            json.writeFieldName(columns.get(i));
            write(row.getValue(i), types.getOrDefault(columns.get(i), ""), json);
        }
        json.writeEndObject();
    }

    private static void write(@Nullable Object value, String type, JsonGenerator json) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case OffsetDateTime time -> json.writeString(Timestamps.toText(time));
            case Boolean flag -> json.writeBoolean(flag);
            case Short number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Buffer body -> writeBody(body.getBytes(), json);
            case Object[] array -> {
                json.writeStartArray();
                for (Object item : Arrays.asList(array)) {
                    write(item, "", json);
                }
                json.writeEndArray();
            }
            case String text when type.startsWith("json") -> json.writeRawValue(text);
            case String text when type.equals("numeric") -> json.writeNumber(new BigDecimal(text));
            default -> json.writeString(value.toString());
        }
    }

    /// Base64 if it is no JSON.
    private static void writeBody(byte[] body, JsonGenerator json) throws IOException {
        try {
            ExactJson.read(body);
        } catch (IOException notJson) {
            json.writeString(Base64.getEncoder().encodeToString(body));
            return;
        }
        json.writeRawValue(new String(body, StandardCharsets.UTF_8));
    }

    private ExportedRow() {}
}
