package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.sandbox.provider.RequestBody;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/// The most bytes of a request to Polar's API.
class RequestBodyTest extends PolarApiClient {

    private static final String PATH = "/webhooks/endpoints";

    @Test
    void bodyOfTenMebibytes_isRead_aLongerOneRefused() {
        assertThat(send("POST", PATH, "x".repeat(RequestBody.MOST_BYTES)).statusCode()).isEqualTo(422);

        HttpResponse<String> refused = send("POST", PATH, "x".repeat(RequestBody.MOST_BYTES + 1));
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(json(refused).get("error").asText()).isEqualTo("RequestBodyTooLarge");
    }

    @Test
    void bodyOfUnknownLength_isRefusedToo() {
        byte[] body = new byte[RequestBody.MOST_BYTES + 1];

        assertThat(send(request(PATH).POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
                .statusCode()).isEqualTo(413);
        assertThat(get("/customers/").statusCode()).as("others are served").isEqualTo(200);
    }
}
