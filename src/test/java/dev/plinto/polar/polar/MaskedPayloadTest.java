package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedPayloadTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void harmlessValues_areShown_andAllOthersAreMasked() throws IOException {
        assertThat(masked("""
                {"type": "order.paid", "timestamp": "2026-11-22T11:24:45.548175Z", "api_version": "2026-10",
                 "data": {
                   "id": "e550e674-9ba8-48bb-8216-f4f2a86d4960", "status": "paid", "paid": true, "total_amount": 2900,
                   "currency": "eur", "customer_id": "048c0c08-8cfc-45ef-afbe-fcd748ed3256", "discount_id": null,
                   "billing_name": "Ada Lovelace", "billing_address": {"line1": "Main Street 1", "country": "DE"},
                   "invoice_number": "PLINTO-4711", "client_secret": "polar_cs_1", "description": "Pro for Ada",
                   "customer": {"id": "048c0c08", "external_id": "org-1", "email": "ada@example.com", "name": "Ada",
                                "tax_id": ["DE123456789", "eu_vat"], "email_verified": false, "avatar_url": ""},
                   "metadata": {"organization_id": "org-1", "phone": 491701234567, "id": "ada", "vip": true},
                   "custom_field_data": {"data": {"id": "ada"}, "age": 36},
                   "items": [{"id": "i-1", "label": "Pro", "amount": 2900, "created_at": "2026-11-22T11:24:45Z"}]}}
                """)).isEqualTo(JSON.readTree("""
                {"type": "order.paid", "timestamp": "2026-11-22T11:24:45.548175Z", "api_version": "2026-10",
                 "data": {
                   "id": "e550e674-9ba8-48bb-8216-f4f2a86d4960", "status": "paid", "paid": true, "total_amount": 2900,
                   "currency": "eur", "customer_id": "048c0c08-8cfc-45ef-afbe-fcd748ed3256", "discount_id": null,
                   "billing_name": "(masked text)",
                   "billing_address": {"line1": "(masked text)", "country": "(masked text)"},
                   "invoice_number": "(masked text)", "client_secret": "(masked text)", "description": "(masked text)",
                   "customer": {"id": "048c0c08", "external_id": "org-1", "email": "(masked text)",
                                "name": "(masked text)", "tax_id": ["(masked text)", "(masked text)"],
                                "email_verified": false, "avatar_url": ""},
                   "metadata": {"organization_id": "(masked text)", "phone": "(masked number)", "id": "(masked text)",
                                "vip": true},
                   "custom_field_data": {"data": {"id": "(masked text)"}, "age": "(masked number)"},
                   "items": [{"id": "i-1", "label": "(masked text)", "amount": 2900,
                              "created_at": "2026-11-22T11:24:45Z"}]}}
                """));
    }

    /// A field of a listed name may hold anything.
    @ParameterizedTest
    @CsvSource({"id, ada@example.com", "external_id, Ada Lovelace", "status, Ada", "created_at, yesterday",
            "amount, 0170 1234567", "type, ada lovelace", "customer_id, 'a\nb'"})
    void valueOfAnotherForm_isMasked(String key, String value) throws IOException {
        JsonNode data = masked(JSON.createObjectNode().set("data", JSON.createObjectNode().put(key, value)).toString())
                .get("data");

        assertThat(data.get(key).textValue()).isEqualTo(MaskedPayload.TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.com", "Ada Lovelace", "Ada", "+491701234567", "4711", "", "ada.lovelace", "é",
            "a\u0000", "<b>"})
    void keyThatIsNoNameOfAField_isMasked(String key) throws IOException {
        for (String object : List.of("data", "metadata", "custom_field_data", "properties", "unknown")) {
            ObjectNode fields = JSON.createObjectNode().put("plan", 1).put(key, 2);

            JsonNode masked = masked(JSON.createObjectNode().set(object, fields).toString()).get(object);

            assertThat(masked.properties()).extracting(Map.Entry::getKey).containsExactly("plan", "(masked key 2)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"ada\"", "[\"ada\", {\"id\": \"ada\"}]", "4711"})
    void nonObject_isMaskedWhole(String json) throws IOException {
        assertThat(masked(json).toString()).doesNotContain("ada", "4711");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreNoEvent")
    void oddBody_neverThrows(String name, byte[] body) {
        assertThatCode(() -> MaskedPayload.of(body).map(JsonNode::toString)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.plinto.polar.testing.OddBodies#thatAreEvents")
    void oddEvent_isShown(String name, byte[] body) {
        assertThat(MaskedPayload.of(body)).hasValueSatisfying(masked -> {
            assertThat(masked.get("type").textValue()).isEqualTo("wallet.topped_up");
            assertThat(masked.toString()).doesNotContain("xxxxx", "aé€😀");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{} x", "{\"a\":1,\"a\":2}", "\u0000"})
    void nonJson_isNotShown(String text) {
        assertThat(MaskedPayload.of(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    private static JsonNode masked(String json) {
        return MaskedPayload.of(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
}
