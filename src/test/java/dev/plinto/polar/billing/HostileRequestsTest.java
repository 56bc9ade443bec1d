package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.billing.BillingCalls.Call;
import dev.plinto.polar.billing.BillingCalls.Things;
import dev.plinto.polar.testing.RawConnection;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the owner of an organization sends, Polar is not asked for what they may not have, and no answer is an
/// internal error.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(StrictSelling.class)
class HostileRequestsTest {

    private static final String CHECKOUT = "POST /api/v1/polar/checkout";

    /// Nothing that is sent changes anything, so that one is enough.
    private static SellingClient attacker;
    private static Things own;

    @TestHTTPResource("/")
    URI service;

    private List<Integer> counts;
    private List<JsonNode> before;

    @BeforeEach
    void know() {
        if (attacker == null) {
            attacker = new SellingClient(service);
            own = Things.of(attacker);
        }
        counts = BillingCalls.countsAtPolar(attacker);
        before = atPolar();
    }

    @AfterEach
    void nothingChanged() {
        assertThat(BillingCalls.countsAtPolar(attacker)).isEqualTo(counts);
        assertThat(atPolar()).isEqualTo(before);
    }

    private static List<JsonNode> atPolar() {
        return Stream.of("/subscriptions/" + own.subscription(), "/customer-seats?subscription_id="
                + own.subscription()).map(attacker::polar).toList();
    }

    /// What only the merchant decides, or what the service writes itself.
    @ParameterizedTest
    @ValueSource(strings = {"\"metadata\":{\"organization_id\":\"x\"}", "\"custom_field_data\":{\"user_id\":\"x\"}",
            "\"discount_id\":\"d\"", "\"trial_interval\":\"year\"", "\"trial\":{\"interval\":\"year\",\"count\":1000}",
            "\"external_customer_id\":\"x\"", "\"customer_id\":\"x\"", "\"account\":\"x\"", "\"amount\":0",
            "\"plinto_request_id\":\"x\"", "\"__proto__\":{}", "\"allow_trial\":true", "\"is_business_customer\":true"})
    void fieldOfTheMerchant_isRefused(String field) {
        BillingCalls.withBody(own).filter(call -> !call.operation().equals(CHECKOUT) || !field.matches(
                "\"(metadata|custom_field_data)\".*")).forEach(call -> {
                    HttpResponse<String> answer = send(call.withFields(field), attacker.owner());

                    assertThat(answer.statusCode()).as(call + answer.body()).isIn(422, 403);
                    assertThat(answer.body()).containsAnyOf("body-invalid", "service-only");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"seats\":-1", "\"seats\":\"1\"", "\"seats\":99999999999999999999",
            "\"seats\":1e-1", "\"seats\":[1]", "\"seats\":true", "\"seats\":10001", "\"units\":-1", "\"units\":0.5",
            "\"customer_email\":\"a@b.example\\r\\nBcc: c@d.example\"", "\"customer_email\":\"a@b.example\\u0000\"",
            "\"customer_name\":\"\\u0000\"", "\"customer_name\":\"\\ud800\"", "\"name\":\"\\udfff\"",
            "\"user_id\":\"\\u0000\"", "\"locale\":\"en\\n\"", "\"country\":\"\\u0130N\"", "\"comment\":\"\\ud83d\"",
            "\"reason\":\"\\u0000\"", "\"at\":\"now\\u0000\"", "\"embed_origin\":\"null\"", "\"embed_origin\":\"*\"",
            "\"embed_origin\":\"https://evil.example\"", "\"embed_origin\":\"javascript:alert(1)\"",
            "\"return_url\":\"https://evil.example\"", "\"success_url\":\"/\\\\evil.example\"",
            "\"success_url\":\"https://127.0.0.1@evil.example/{CHECKOUT_ID}\"",
            "\"metadata\":{\"a\":\"\\u0000\"}", "\"metadata\":{\"\\ud800\":1}", "\"metadata\":{\"a\":1e400}",
            "\"metadata\":{\"a\":{}}", "\"metadata\":[]", "\"custom_field_data\":{\"a\":1e400}",
            "\"custom_field_data\":{\"a\":{\"b\":1}}", "\"custom_field_data\":{\"\\u0000\":1}"})
    void valueThatCannotBe_isRefused(String field) {
        BillingCalls.withBody(own).forEach(call -> assertThat(send(call.withFields(field),
                attacker.owner()).statusCode()).as(call.operation()).isIn(400, 403, 422));
    }

    @Test
    void bodyThatIsTooMuch_isRefused_withAShortAnswer() throws IOException {
        String many = IntStream.range(0, 10_000).mapToObj(n -> "\"k" + n + "\":\"v\"")
                .collect(Collectors.joining(","));
        List<String> fields = List.of("\"metadata\":{" + many + "}", "\"custom_field_data\":{" + many + "}", many,
                "\"metadata\":{\"a\":" + "9".repeat(1_200_000) + "}",
                "\"custom_field_data\":{\"a\":" + "9".repeat(1_200_000) + "}",
                "\"custom_field_data\":{\"" + "k".repeat(1_200_000) + "\":1}",
                "\"metadata\":" + "[".repeat(500_000) + "]".repeat(500_000),
                "\"metadata\":{\"a\":1,\"a\":2}", "\"organization_id\":\"a\",\"organization_id\":\"b\"",
                "\"x\":\"" + "y".repeat(1_500_000) + "\"", "\"email\":\"" + "a".repeat(1_500_000) + "@b.example\"");
        for (Call call : BillingCalls.withBody(own).toList()) {
            for (String field : fields) {
                HttpResponse<String> answer = send(call.withFields(field), attacker.owner());

                assertThat(answer.statusCode()).as(call + answer.body()).isIn(400, 403, 422);
                assertThat(answer.body().length()).isLessThan(10_000);
            }
            assertThat(raw(call, "content-length: 3000000\r\n")).startsWith("HTTP/1.1 413 ");
        }
    }

    /// Bytes that no client library sends.
    @ParameterizedTest
    @ValueSource(strings = {"idempotency-key: a\u0000b\r\n", "idempotency-key: a\n\n b\r\n",
            "idempotency-key: a\r\nidempotency-key: b\r\n", "idempotency-key: \u00e9\r\n",
            "idempotency-key: a\rx-evil: b\r\n", "x evil: a\r\n", "idempotency-key : a\r\n",
            "content-length: 2\r\ncontent-length: 3\r\n", "transfer-encoding: chunked\r\ncontent-length: 2\r\n",
            "content-type: application/xml\r\ncontent-length: 2\r\n"})
    void headersThatCannotBe_areRefused(String headers) throws IOException {
        for (Call call : BillingCalls.withBody(own).toList()) {
            assertThat(raw(call, headers.contains("content-length") ? headers : headers + "content-length: 2\r\n"))
                    .matches("(?s)HTTP/1.1 4\\d\\d .*").doesNotContainIgnoringCase("\nx-evil", "\nset-cookie");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%0d%0aSet-Cookie:%20a=b", "..%2f..%2fops%2foverview", "%00", "%ff", "a%20b",
            "';--", "%22%3E%3Cscript%3E", "customer:1"})
    void idThatIsNone_isUnknown(String id) {
        Things odd = new Things(own.organization(), id, id, id, id, own.product());
        BillingCalls.all(odd).stream().filter(call -> !call.ids().isEmpty()).forEach(call -> {
            HttpResponse<String> answer = send(call, attacker.owner());

            assertThat(answer.statusCode()).as(call + answer.body()).isIn(400, 404);
            assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
            assertThat(answer.body()).doesNotContain("<script", "Set-Cookie");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"&organization_id=another", "&return_url=%2F&return_url=%2Fx",
            "&return_url=%2F%5Cevil.example", "&return_url=%2F%2Fevil.example", "&return_url=%09%2F",
            "&return_url=%2Fx%0d%0aSet-Cookie:a", "&return_url=https:%2F%2Fevil.example%2F%23@127.0.0.1",
            "&return_url=data:text%2Fhtml,x", "&return_url=%2F%252e%252e%2F%2Fx%00", "&success_url=%2F",
            "&embed_origin=null"})
    void queryOfThePortal_leadsNowhereElse(String more) {
        Call portal = BillingCalls.one("GET /api/v1/polar/customer/portal", own);
        HttpResponse<String> answer = attacker.call(portal.operation(), List.of(), portal.query() + more, "",
                with(attacker.owner()));

        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
        assertThat(answer.body()).doesNotContain("evil", "portal_url");
        assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
    }

    private static HttpResponse<String> send(Call call, String authorization) {
        return attacker.call(call.operation(), call.ids(), call.query(), call.body(), with(authorization));
    }

    private String raw(Call call, String headers) throws IOException {
        String[] methodAndPath = call.operation().split(" ");
        String path = methodAndPath[1].replaceFirst("\\{[^}]*}", call.ids().isEmpty() ? "" : call.ids().getFirst());
        String type = headers.contains("content-type") ? "" : "content-type: application/json\r\n";
        try (RawConnection connection = new RawConnection(service)) {
            return connection.send(methodAndPath[0] + " " + path + " HTTP/1.1\r\nhost: localhost\r\nauthorization: "
                    + attacker.owner() + "\r\n" + type + headers + "\r\n{}").answer();
        }
    }
}
