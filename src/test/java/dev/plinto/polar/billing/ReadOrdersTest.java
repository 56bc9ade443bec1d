package dev.plinto.polar.billing;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.AppliedEvents;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadOrdersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Database DATABASE = Database.ofSandbox();
    private static final String AT = "2026-11-01T00:00:00Z";

    @TestHTTPResource("/")
    URI service;

    private final String unique = UUID.randomUUID().toString();
    private final String organization = "org-" + unique;
    private final String customer = "cus-" + unique;
    private PlintoTokens tokens;
    private AppliedEvents polar;

    @BeforeEach
    void connect() {
        tokens = new PlintoTokens(service);
        polar = new AppliedEvents(service, DATABASE);
        PolarsLists.areRead(DATABASE);
    }

    @Test
    void order_isTold() throws IOException {
        polar.deliver("order.paid", AT, """
                {"id":"o-%1$s","created_at":"2026-10-31T23:59:59.123456Z","customer_id":"%2$s","status":"paid",
                 "billing_reason":"purchase","subtotal_amount":2900,"discount_amount":400,"tax_amount":475,
                 "total_amount":2975,"refunded_amount":0,"currency":"eur","invoice_number":"PLINTO-0001",
                 "product_id":"p","subscription_id":"s-%1$s","metadata":{"organization_id":"%3$s"},
                 "product":{"id":"p","name":"Pro"},"customer_name":"Nobody's business"}
                """.formatted(unique, customer, organization));

        assertThat(read("")).isEqualTo(JSON.readTree("""
                {"items":[{"order_id":"o-%1$s","created_at":"2026-10-31T23:59:59.123456Z","status":"paid",
                  "billing_reason":"purchase","subtotal_amount":2900,"discount_amount":400,"tax_amount":475,
                  "total_amount":2975,"refunded_amount":0,"currency":"eur","invoice_number":"PLINTO-0001",
                  "product_id":"p","product_name":"Pro","subscription_id":"s-%1$s"}],"next_cursor":null}
                """.formatted(unique)));
    }

    /// Its own metadata counts first, then its customer.
    @Test
    void order_isOfTheOrganizationThatItsMetadataNames_elseOfItsCustomers() throws IOException {
        link(customer, organization);
        order("own", 1, null);
        order("of-another", 2, "org-other-" + unique);
        order("named", 3, organization);
        order("blank", 4, " ");
        order("unlinked", 5, "customer:" + customer);
        order("foreign", "cus-2-" + unique, 6, organization);

        assertThat(ids("")).containsExactly("foreign", "unlinked", "blank", "named", "own");
        assertThat(ids(get("org-other-" + unique, "")).stream().toList()).containsExactly("of-another");
        assertThat(ids(get("customer:" + customer, ""))).isEmpty();
    }

    @Test
    void secondCustomersOrders_areToldToo() throws IOException {
        link(customer, organization);
        link("cus-2-" + unique, organization);
        order("a", 1, null);
        order("b", "cus-2-" + unique, 2, null);
        order("c", 3, null);

        assertThat(ids("")).containsExactly("c", "b", "a");
    }

    @Test
    void mentionedOrder_isNotTold() {
        order("known", 1, organization);
        DATABASE.execute("INSERT INTO orders (id, organization_id) VALUES (?, ?)", "m-" + unique, organization);

        assertThat(ids("")).containsExactly("known");
    }

    @Test
    void pages_staySoWhileOrdersArrive() throws IOException {
        link(customer, organization);
        for (int i = 1; i <= 5; i++) {
            order("o" + i, (i + 1) / 2, i % 2 == 0 ? null : organization); // two of each moment
        }

        JsonNode first = read("&limit=2");
        order("newer", 9, organization);
        JsonNode second = read("&limit=2&cursor=" + first.get("next_cursor").asText());
        order("newest", 9, null);
        JsonNode third = read("&limit=2&cursor=" + second.get("next_cursor").asText());

        List<String> listed = new ArrayList<>(ids(first));
        listed.addAll(ids(second));
        listed.addAll(ids(third));
        assertThat(listed).containsExactly("o5", "o4", "o3", "o2", "o1");
        assertThat(third.get("next_cursor").isNull()).isTrue();
        assertThat(ids("")).containsExactly("newest", "newer", "o5", "o4", "o3", "o2", "o1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%25", "MA", "MSA", "IA", "-1 a", "1 ", "9999999999999999999 a", "1 a\u0000b", "x a"})
    void otherCursor_isRefused(String text) {
        String sent = text.contains(" ")
                ? Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)).replace("=", "%3D")
                : text;

        assertProblem(get(organization, "&cursor=" + sent), 400, "parameter-invalid");
    }

    @Test
    void largestCursor_isAnEmptyPage() {
        String sent = Base64.getUrlEncoder().encodeToString("0 a".getBytes(StandardCharsets.UTF_8));
        String late = Base64.getUrlEncoder().encodeToString("999999999999999999 a".getBytes(StandardCharsets.UTF_8));

        assertThat(ids(get(organization, "&cursor=" + sent))).isEmpty();
        assertThat(get(organization, "&cursor=" + late.replace("=", "%3D")).statusCode()).isEqualTo(200);
    }

    @Test
    void othersOrders_areRefused() {
        assertProblem(send(organization, "", tokens.of("org_id", "org-other", "org_role", "owner")), 403,
                "organization-not-allowed");
        assertProblem(send(organization, "", tokens.of("org_id", organization, "org_role", "member")), 403,
                "role-not-allowed");
        assertThat(send(organization, "", tokens.of("org_id", organization, "org_role", "admin")).statusCode())
                .isEqualTo(200);
    }

    /// Of one organization, directly and by its customer, beside those that the customer bought for others.
    @Test
    void pageOfManyOrders_isFoundByAnIndex() throws Exception {
        try (Connection connection = DATABASE.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // rolled back by the close
            statement.execute("""
                    INSERT INTO customers (id, external_id) VALUES ('many-c', 'many-o');
                    INSERT INTO orders (id, customer_id, organization_id, created_at)
                    SELECT 'many-' || i, 'many-c', CASE i % 3 WHEN 0 THEN 'many-o' WHEN 1 THEN 'many-other' END,
                      '2026-01-01'::timestamptz + i * interval '1 minute' FROM generate_series(1, 300000) AS i;
                    ANALYZE orders, customers;
                    SET plan_cache_mode = force_generic_plan;
                    PREPARE page (text, timestamptz, text, int) AS""" + " "
                    + OrderQueries.PAGE);
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines = statement.executeQuery(
                    "EXPLAIN (ANALYZE) EXECUTE page ('many-o', '2026-06-01', 'many-0', 51)")) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            assertThat(plan.toString()).contains("Index Scan").doesNotContain("Seq Scan on orders", "Sort on");
            assertThat(Double.parseDouble(plan.toString().replaceFirst("(?s).*Execution Time: ([0-9.]+) ms.*", "$1")))
                    .as(plan.toString()).isLessThan(50);
            connection.rollback();
        }
    }

    private void link(String id, String externalId) {
        polar.deliver("customer.created", AT, """
                {"id":"%s","external_id":"%s","deleted_at":null}""".formatted(id, externalId));
    }

    private void order(String name, int day, String named) {
        order(name, customer, day, named);
    }

    private void order(String name, String of, int day, String named) {
        polar.deliver("order.created", AT, """
                {"id":"%s-%s","customer_id":"%s","created_at":"2026-10-0%dT00:00:00Z","status":"paid","metadata":{%s}}
                """.formatted(name, unique, of, day,
                named == null ? "" : "\"organization_id\":\"" + named + "\""));
    }

    private List<String> ids(String query) {
        return ids(get(organization, query));
    }

    private List<String> ids(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return ids(JSON.readTree(answer.body()));
        } catch (IOException notJson) {
            throw new AssertionError(answer.body(), notJson);
        }
    }

    private List<String> ids(JsonNode page) {
        return page.get("items").findValuesAsText("order_id").stream().map(id -> id.replace("-" + unique, ""))
                .toList();
    }

    private JsonNode read(String query) throws IOException {
        return JSON.readTree(get(organization, query).body());
    }

    private HttpResponse<String> get(String of, String query) {
        return send(of, query, tokens.service("billing:read"));
    }

    private HttpResponse<String> send(String of, String query, String token) {
        return HTTP.sendAsync(HttpRequest
                .newBuilder(service.resolve("/api/v1/polar/orders?organization_id=" + of + query))
                .header("authorization", "Bearer " + token).build(), BodyHandlers.ofString()).join();
    }
}
