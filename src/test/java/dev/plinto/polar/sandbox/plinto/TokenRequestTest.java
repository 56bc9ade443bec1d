package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.WebApplicationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRequestTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null",
            "{\"organization_id\": null, \"user_id\": null, \"roles\": null, \"scope\": null, \"claims\": null}"})
    void nothing_asksForTheDefaults(String body) {
        TokenRequest asked = TokenRequest.read(body.getBytes(StandardCharsets.UTF_8), JSON);

        assertThat(asked).isEqualTo(new TokenRequest(Optional.empty(), Optional.empty(), List.of("owner"),
                Optional.empty(), Map.of()));
        assertThat(asked.subject()).isEqualTo("usr_sandbox");
    }

    @Test
    void noRole_isNoDefault() {
        assertThat(TokenRequest.read("{\"roles\": []}".getBytes(StandardCharsets.UTF_8), JSON).roles()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[1                              | The body is not a JSON object.",
            "[]                              | The body is not a JSON object.",
            "1                               | The body is not a JSON object.",
            "{} {}                           | The body is not a JSON object.",
            "organization_id=org-1           | The body is not a JSON object.",
            "{\"organization_id\": 1}        | organization_id is not a text, or it is empty.",
            "{\"organization_id\": \"\"}     | organization_id is not a text, or it is empty.",
            "{\"user_id\": [\"usr-1\"]}      | user_id is not a text, or it is empty.",
            "{\"scope\": [\"billing:read\"]} | scope is not a text, or it is empty.",
            "{\"roles\": \"owner\"}          | roles is not an array of texts.",
            "{\"roles\": [\"owner\", 1]}     | roles is not an array of texts.",
            "{\"roles\": {\"owner\": true}}  | roles is not an array of texts.",
            "{\"claims\": [\"org_role\"]}    | claims is not an object.",
            "{\"organisation_id\": \"org-1\"}| The body has a field organisation_id.",
            "{\"eyJhbGciOi.J9\": 1}          | The body has a field with another name.",
    })
    void wrongBody_isRefused_withWhatToSend(String body, String fault) {
        assertThatThrownBy(() -> TokenRequest.read(body.getBytes(StandardCharsets.UTF_8), JSON))
                .isInstanceOfSatisfying(WebApplicationException.class, refused -> {
                    assertThat(refused.getResponse().getStatus()).isEqualTo(400);
                    assertThat(
                            JSON.valueToTree(refused.getResponse().getEntity()).path("detail").asText())
                            .startsWith(fault + " Send a JSON object with any of: organization_id");
                });
    }
}
