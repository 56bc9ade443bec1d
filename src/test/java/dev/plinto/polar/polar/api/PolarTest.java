package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests to Polar, and how its answers are read.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarTest {

    private final ScriptedPolar server = new ScriptedPolar();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/v1", "/v1/"})
    void paths_areExactlyPolars_forAnyEndOfTheAddress(String end) throws Exception {
        server.answersEmptyPage();
        server.answersEmptyPage();
        Polar polar = server.polar(end, "false");

        polar.objects(PolarObject.Kind.GRANT, 2);
        polar.deliveries("e", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), 1);

        assertThat(server.requests()).containsExactly(
                "GET /v1/benefit-grants/?sorting=created_at&limit=100&page=2 Bearer polar_oat_secret 2026-10",
                "GET /v1/webhooks/deliveries?endpoint_id=e&start_timestamp=1970-01-01T00%3A00%3A00Z"
                        + "&end_timestamp=1970-01-01T00%3A00%3A01Z&limit=100&page=1 Bearer polar_oat_secret 2026-10");
        assertThat(server.metrics().get("polar.provider.requests").tags("operation", "list_grants", "status", "2xx")
                .counter()
                .count()).isEqualTo(1);
    }

    /// Polar redirects a path with another end.
    @Test
    void pathsOfEachList_areExactlyPolars() throws Exception {
        Map<PolarObject.Kind, String> lists = Map.of(
                PolarObject.Kind.CUSTOMER, "customers/?sorting=created_at",
                PolarObject.Kind.SUBSCRIPTION, "subscriptions/?sorting=started_at",
                PolarObject.Kind.GRANT, "benefit-grants/?sorting=created_at",
                PolarObject.Kind.PRODUCT, "products/?sorting=created_at",
                PolarObject.Kind.METER, "meters/?sorting=created_at",
                PolarObject.Kind.ORDER, "orders/?sorting=-created_at",
                PolarObject.Kind.CHECKOUT, "checkouts/?sorting=-created_at",
                PolarObject.Kind.CUSTOMER_METER, "customer-meters/?sorting=created_at");
        Polar polar = server.polar("", "false");
        for (Map.Entry<PolarObject.Kind, String> list : lists.entrySet()) {
            server.answersEmptyPage();

            polar.objects(list.getKey(), 3);

            assertThat(server.requests().getLast()).startsWith("GET /v1/" + list.getValue() + "&limit=100&page=3 ");
        }
    }

    @Test
    void seats_areThoseOfOneSubscriptionOrOrder() throws Exception {
        server.answers(200, Map.of(), "{\"seats\":[{\"id\":\"t\",\"subscription_id\":\"s\"}]}");
        server.answers(200, Map.of(), "{\"seats\":[{\"id\":\"t\",\"order_id\":\"another\"}]}");
        server.answers(200, Map.of(), "{\"items\":[]}");
        server.answers(404, Map.of(), "{\"error\":\"ResourceNotFound\"}");
        Polar polar = server.polar("", "false");

        assertThat(polar.seatsOfSubscription("s").orElseThrow().answer().items()).extracting(PolarObject::id)
                .containsExactly("t");
        assertThatThrownBy(() -> polar.seatsOfOrder("o")).isInstanceOf(PolarFailure.class);
        assertThatThrownBy(() -> polar.seatsOfOrder("o")).as("no list").isInstanceOf(PolarFailure.class);
        assertThat(polar.seatsOfOrder("o")).isEmpty();

        assertThat(server.requests()).extracting(request -> request.split(" ")[1]).containsExactly(
                "/v1/customer-seats?subscription_id=s", "/v1/customer-seats?order_id=o",
                "/v1/customer-seats?order_id=o", "/v1/customer-seats?order_id=o");
    }

    @Test
    void member_isReadBelowItsCustomer() throws Exception {
        server.answersEmptyPage();
        server.answers(200, Map.of(), "{\"id\":\"m\"}");
        server.answers(404, Map.of(), "{\"error\":\"ResourceNotFound\"}");
        server.answers(422, Map.of(), refusal("path", "member_id", "m"));
        Polar polar = server.polar("", "false");

        assertThat(polar.membersOf("c", 2)).isPresent();
        assertThat(polar.member("c", "m")).isPresent();
        assertThat(polar.member("c", "m")).isEmpty();
        assertThat(polar.member("c", "m")).isEmpty();
        assertThat(server.requests()).extracting(request -> request.split(" ")[1]).startsWith(
                "/v1/customers/c/members?sorting=created_at&limit=100&page=2", "/v1/customers/c/members/m");
    }

    @Test
    void change_isSentAsJson_withTheHeadersOfEachRequest() throws Exception {
        server.answers(200, Map.of(), "{}");

        server.polar("", "false").enable("e");

        assertThat(server.requests()).containsExactly("PATCH /v1/webhooks/endpoints/e Bearer polar_oat_secret 2026-10");
        assertThat(server.bodies()).containsExactly("{\"enabled\":true}");
        assertThat(server.headers().get("Accept")).containsExactly("application/json");
        assertThat(server.headers().get("User-Agent")).containsExactly("plinto-polar");
        assertThat(server.headers().get("Content-Type")).singleElement().asString().startsWith("application/json");
    }

    @Test
    void idOfAnyCharacters_staysOneSegmentOfThePath() throws Exception {
        server.answers(404, Map.of(), "{\"error\":\"ResourceNotFound\"}");
        server.answersEmptyPage();
        Polar polar = server.polar("", "false");

        polar.customer("a/b?c=d&e#f %2F{g}ü;+");
        polar.grantsOf("a/b?c=d&e#f %2F{g}ü;+", 1);

        assertThat(server.requests()).containsExactly(
                "GET /v1/customers/a%2Fb%3Fc=d&e%23f%20%252F%7Bg%7D%C3%BC;+ Bearer polar_oat_secret 2026-10",
                "GET /v1/benefit-grants/?customer_id=a%2Fb%3Fc%3Dd%26e%23f+%252F%7Bg%7D%C3%BC%3B%2B"
                        + "&sorting=created_at&limit=100&page=1 Bearer polar_oat_secret 2026-10");
    }

    @Test
    void missingObject_isEmpty_butARemovedVersionIsAFailure() throws Exception {
        server.answers(404, Map.of(), "{\"error\":\"ResourceNotFound\",\"detail\":\"Not found\"}");
        server.answers(404, Map.of(), "{\"detail\":\"Not Found\"}");
        server.answers(404, Map.of("Content-Type", "text/html"), "<html>Not Found</html>");
        Polar polar = server.polar("", "false");

        assertThat(polar.customer("c")).isEmpty();
        for (String body : List.of("of Polar", "of a proxy")) {
            assertThatThrownBy(() -> polar.customer("c")).as(body).hasMessageContaining("POLAR_API_VERSION")
                    .isInstanceOfSatisfying(PolarFailure.class,
                            failure -> assertThat(failure.mayBeOfOneObject()).isFalse());
        }
    }

    /// A delivery that was made by hand can bring such an id.
    @Test
    void refusedId_isEmpty() throws Exception {
        server.answers(422, Map.of(), refusal("path", "id", "customer-1"));
        server.answers(422, Map.of(), refusal("path", "id", "subscription-1"));
        server.answers(422, Map.of(), refusal("query", "customer_id", "customer-1"));
        Polar polar = server.polar("", "false");

        assertThat(polar.customer("customer-1")).isEmpty();
        assertThat(polar.subscription("subscription-1")).isEmpty();
        assertThat(polar.grantsOf("customer-1", 1)).isEmpty();
    }

    /// Such as a parameter that a newer version of Polar's API no longer takes.
    @ParameterizedTest
    @MethodSource("otherRefusals")
    void refusalThatDoesNotNameTheId_isAFailure(String body) {
        for (int i = 0; i < 4; i++) {
            server.answers(422, Map.of(), body);
        }
        Polar polar = server.polar("", "false");

        assertThatThrownBy(() -> polar.customer("customer-1")).isInstanceOf(PolarFailure.class);
        assertThatThrownBy(() -> polar.subscription("subscription-1")).isInstanceOf(PolarFailure.class);
        assertThatThrownBy(() -> polar.grantsOf("customer-1", 1)).isInstanceOf(PolarFailure.class);
        assertThatThrownBy(() -> polar.objects(PolarObject.Kind.GRANT, 1)).isInstanceOf(PolarFailure.class);
    }

    static Stream<String> otherRefusals() {
        return Stream.of("", "{\"error\":\"RequestValidationError\"}",
                "{\"error\":\"RequestValidationError\",\"detail\":[]}",
                "{\"error\":\"RequestValidationError\",\"detail\":\"customer-1\"}",
                refusal("query", "sorting", "created_at"), refusal("query", "limit", "100"),
                refusal("path", "id", "another"), refusal("header", "polar-version", "2026-10"),
                refusal("path", "id", "customer-1").replace("RequestValidationError", "Conflict"),
                "{\"error\":\"RequestValidationError\",\"detail\":[{\"loc\":[\"path\",\"id\"],"
                        + "\"input\":\"customer-1\"},{\"loc\":[\"query\",\"page\"],\"input\":\"1\"}]}");
    }

    private static String refusal(String where, String parameter, String input) {
        return """
                {"error": "RequestValidationError", "detail": [{"type": "uuid_parsing", "loc": ["%s", "%s"],
                  "msg": "Input should be a valid UUID", "input": "%s"}]}""".formatted(where, parameter, input);
    }

    /// Whoever ignores the filter or the id says nothing of what was asked for.
    @Test
    void answerAboutAnotherObject_isAFailure() {
        server.answers(200, Map.of(), ScriptedPolar.EMPTY_PAGE.replace("[]",
                "[{\"id\":\"g1\",\"customer_id\":\"c1\"},{\"id\":\"g2\",\"customer_id\":\"c2\"}]"));
        server.answers(200, Map.of(), "{\"id\":\"c2\"}");
        Polar polar = server.polar("", "false");

        assertThatThrownBy(() -> polar.grantsOf("c1", 1)).isInstanceOf(PolarFailure.class);
        assertThatThrownBy(() -> polar.customer("c1")).isInstanceOf(PolarFailure.class);
    }

    @Test
    void endpoint_isReadWithoutItsSecret() throws Exception {
        server.answers(200, Map.of(), """
                {"items": [{"id": "e", "url": "https://plinto.dev/w", "format": "raw", "secret": "whsec_hidden",
                            "enabled": true, "events": ["order.paid"], "api_version": "2026-10"}],
                 "pagination": {"total_count": 1, "max_page": 1}}
                """);

        assertThat(server.polar("", "false").endpoints().answer()).singleElement().asString()
                .contains("https://plinto.dev/w", "order.paid").doesNotContain("hidden");
    }
}
