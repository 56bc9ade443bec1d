package dev.plinto.polar.privacy;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.billing.SellingClient;
import dev.plinto.polar.billing.SellingStack;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Export and erasure over real HTTP, broker and database, at the simulated Polar.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class CustomerDataTest {

    private static final String EXPORT = "GET /api/v1/polar/customer/data";
    private static final String ERASE = "DELETE /api/v1/polar/customer/data";
    private static final String READ = "GET /api/v1/polar/customer/data/erasures/{erasure_id}";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String email;

    @BeforeEach
    void buy() {
        selling = new SellingClient(service);
        String subscription = selling.subscription("purchase");
        email = selling.polar("/subscriptions/" + subscription).at("/customer/email").asText();
        awaitLastEvent(selling);
    }

    @AfterEach
    void endFaults() {
        selling.endFaults();
    }

    @AfterAll
    static void everyDocumentedAnswerCame() {
        SellingClient.assertEveryAnswerCame(EXPORT, ERASE, READ);
    }

    @Test
    void export_hasWhatIsHeld_roomByRoom_andWhatPolarHas() {
        JsonNode document = json(export(selling.owner()), 200);

        assertThat(document.at("/organization_id").asText()).isEqualTo(selling.organization);
        assertThat(document.at("/held/projection/subscriptions")).hasSize(1);
        assertThat(document.at("/held/projection/payloads").toString()).contains(email);
        assertThat(document.at("/at_provider/polar/customer/email").asText()).isEqualTo(email);
        JsonNode orders = document.at("/at_provider/polar/orders");
        assertThat(orders).hasSize(1);
        assertThat(orders.at("/0/billing_name").isTextual()).isTrue();
        assertThat(orders.at("/0").has("customer")).as("told beside it").isFalse();
        assertThat(document.at("/at_provider/polar/unavailable").isNull()).isTrue();
        assertThat(selling.trail()).contains("export_data", "exported ");
    }

    @Test
    void export_isWhole_whilePolarDoesNotAnswer() {
        selling.fault("broken", "/customers/external/");
        JsonNode document = json(export(selling.owner()), 200);

        assertThat(document.at("/held/projection/subscriptions")).hasSize(1);
        assertThat(document.at("/at_provider/polar/unavailable").asText()).startsWith("Polar does not answer");

        selling.fault("too-many-requests", "/orders/");
        JsonNode polar = json(export(selling.owner()), 200).at("/at_provider/polar");

        assertThat(polar.at("/customer/email").asText()).isEqualTo(email);
        assertThat(polar.path("orders")).isEmpty();
        assertThat(polar.path("unavailable").asText()).startsWith("Polar takes no more requests");
    }

    @Test
    void secondExport_waitsForTheFirst() throws SQLException {
        try (Connection other = selling.database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('export:" + selling.organization
                    + "', 0))");

            HttpResponse<String> answer = export(selling.owner());

            assertProblem(answer, 409, "export-in-progress");
            assertThat(answer.headers().firstValue("content-disposition")).isEmpty();
        }
        assertThat(export(selling.owner()).statusCode()).isEqualTo(200);
    }

    /// A client that takes half of it for all would not notice.
    @Test
    void exportThatFailsInTheMiddle_hasNoEnd() throws Exception {
        selling.database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state)
                SELECT ?, gen_random_uuid(), repeat(n::text, 200), 'call', 1, now(), now(), 'not_billable'
                FROM generate_series(1, 2000) AS n
                """, selling.organization);
        selling.database.execute("CREATE FUNCTION break_export() RETURNS integer LANGUAGE plpgsql AS "
                + "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN 1; END'");
        selling.database.execute("ALTER TABLE usage_keys RENAME TO usage_keys_away");
        selling.database.execute("CREATE VIEW usage_keys AS SELECT * FROM usage_keys_away WHERE break_export() = 1");
        selling.database.execute("INSERT INTO usage_keys_away (organization, id, event_name, quantity, taken_at) "
                + "VALUES (?, gen_random_uuid(), 'call', 1, now())", selling.organization);
        try {
            byte[] part = partOfExport();
            assertThat(part).isNotEmpty();
            assertThatThrownBy(() -> ExactJson.read(part)).isInstanceOf(IOException.class);
        } finally {
            selling.database.execute("DROP VIEW usage_keys");
            selling.database.execute("ALTER TABLE usage_keys_away RENAME TO usage_keys");
            selling.database.execute("DROP FUNCTION break_export");
            selling.database.execute("DELETE FROM usage_events WHERE organization = ?", selling.organization);
        }
        assertThat(selling.trail()).contains("not done: The database does not answer");
    }

    /// What a client has that keeps what came until the connection broke.
    private byte[] partOfExport() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/api/v1/polar/customer/data" + of(selling)))
                .header("authorization", selling.owner()).build();
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            assertThatThrownBy(() -> body.transferTo(part)).isInstanceOf(IOException.class);
        }
        return part.toByteArray();
    }

    @Test
    void liveSubscription_isEndedOnlyIfAsked() {
        assertProblem(erase("", owner(0)), 409, "live-subscription", "subscription_ids");
    }

    @Test
    void dryRun_changesNothing() {
        JsonNode plan = json(erase("&dry_run=true", owner(0)), 200);

        assertThat(plan.path("rows").toString()).contains("payloads");
        assertThat(plan.path("steps").toString()).contains("subscriptions", "polar");
        assertThat(plan.path("live_subscriptions")).hasSize(1);
        assertThat(selling.database.number("SELECT count(*) FROM erasures WHERE organization = ?",
                selling.organization)).isZero();
    }

    @Test
    void erasure_leavesNothingPersonal() {
        JsonNode accepted = json(erase("&cancel=true", owner(0)), 202);
        assertThat(accepted.path("status").asText()).isEqualTo("pending");
        assertThat(json(erase("&cancel=true", owner(0)), 202).path("erasure_id")).as("sent again")
                .isEqualTo(accepted.path("erasure_id"));

        JsonNode complete = complete(accepted);

        assertThat(complete.path("steps").toString()).contains("1 deleted and anonymised");
        assertThat(selling.database.number("SELECT count(*) FROM audit_personal WHERE organization = ?",
                selling.organization)).isZero();
        JsonNode document = json(export(selling.owner()), 200);
        assertThat(document.at("/at_provider/polar/customer").isNull()).isTrue();
        assertThat(document.at("/held").toString()).doesNotContain(email);
    }

    /// Its events name the customer without the prefix under which it is stored.
    @Test
    void whatConektaTold_isHandedOutAndErased() throws Exception {
        HttpResponse<String> triggered = selling.send("POST",
                "/sandbox/conekta/trigger/spei-expired" + of(selling), "");
        JsonNode played = json(triggered, 200);
        String customer = played.path("customer_id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.number(
                "SELECT count(*) FROM inbox WHERE subject = ?",
                "conekta:" + customer) == played.path("deliveries").size());
        selling.database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                "conekta:" + customer, selling.organization);
        String buyer = selling.organization + "@example.mx";

        JsonNode document = json(export(selling.owner()), 200);

        assertThat(document.at("/held/projection/payloads").toString()).contains(buyer);

        JsonNode complete = complete(json(erase("&cancel=true", owner(0)), 202));

        assertThat(complete.path("steps").toString()).contains("1 deleted at Conekta");
        assertThat(selling.database.number(
                "SELECT count(*) FROM payloads WHERE position(convert_to(?, 'UTF8') IN body) > 0", buyer)).isZero();
    }

    /// Not even as an effect of events that Polar sends of the deletion.
    @Test
    void otherOrganizationOfTheBuyer_hasEverythingAsBefore() {
        SellingClient other = new SellingClient(service);
        other.subscription("purchase");
        awaitLastEvent(other);
        JsonNode before = json(other.call(EXPORT, List.of(), of(other), "", with(other.owner())), 200);

        complete(json(erase("&cancel=true", owner(0)), 202));

        JsonNode after = json(other.call(EXPORT, List.of(), of(other), "", with(other.owner())), 200);
        assertThat(after.at("/held/projection")).isEqualTo(before.at("/held/projection"));
        assertThat(after.at("/at_provider/polar/customer")).isEqualTo(before.at("/at_provider/polar/customer"));
    }

    @Test
    void onlyTheOwner_andServicesThatWrite_may() {
        String admin = selling.bearer("org_id", selling.organization, "org_role", "admin");
        for (String refused : List.of(selling.member(), admin, selling.service("billing:read"))) {
            assertProblem(export(refused), 403, "role-not-allowed");
            assertProblem(erase("", refused), 403, "role-not-allowed");
        }
        assertProblem(export(selling.stranger()), 403, "organization-not-allowed");
        assertProblem(erase("", selling.stranger()), 403, "organization-not-allowed");
        assertProblem(erase("", selling.owner()), 403, "fresh-sign-in-needed");
        assertProblem(erase("", owner(660)), 403, "fresh-sign-in-needed");
        assertThat(export(selling.service("billing:write")).statusCode()).isEqualTo(200);
        assertThat(erase("&dry_run=true", selling.service("billing:write")).statusCode()).isEqualTo(200);
    }

    @Test
    void erasureOfAnother_isAsUnknown() {
        String id = json(erase("&cancel=true&keep_at_provider=true", selling.service("billing:write")), 202)
                .path("erasure_id").asText();

        assertProblem(read(id, "", selling.stranger()), 404, "erasure-unknown");
        assertProblem(read(UUID.randomUUID().toString(), "", selling.owner()), 404, "erasure-unknown");
        assertProblem(read("none", "", selling.owner()), 404, "erasure-unknown");
        assertProblem(read(id, "", selling.member()), 403, "role-not-allowed");
        assertProblem(read(id, "?x=1", selling.owner()), 400, "parameter-invalid");
        assertThat(complete(json(read(id, "", selling.service("billing:write")), 200)).path("steps").toString())
                .contains("kept, as asked", "1 ended");
    }

    @Test
    void requestsThatAreWrong_areRefused() {
        for (String operation : List.of(EXPORT, ERASE)) {
            assertProblem(selling.call(operation, List.of(), "", "", with(owner(0))), 400, "parameter-missing");
            assertProblem(selling.call(operation, List.of(), of(selling), ""), 401, "token-not-accepted");
            assertProblem(selling.call(operation, List.of(), of(selling), "", with(owner(0), "accept", "image/png")),
                    406, "http-406");
        }
        assertProblem(erase("&cancel=yes", owner(0)), 400, "parameter-invalid");
        assertProblem(export(selling.owner(), "&limit=1"), 400, "parameter-invalid");
        assertProblem(selling.call(READ, List.of("x"), "", ""), 401, "token-not-accepted");
        assertProblem(selling.call(READ, List.of("x"), "", "", with(selling.owner(), "accept", "image/png")), 406,
                "http-406");
    }

    /// Of a purchase.
    private static void awaitLastEvent(SellingClient buyer) {
        await().atMost(SellingClient.PATIENCE).until(() -> buyer.database.number("""
                SELECT count(*) FROM customers WHERE external_id = ? AND jsonb_array_length(live_grants) = 2
                """, buyer.organization) == 1);
    }

    private JsonNode complete(JsonNode erasure) {
        return await().atMost(SellingClient.PATIENCE).until(
                () -> json(read(erasure.path("erasure_id").asText(), "", selling.owner()), 200),
                found -> found.path("status").asText().equals("complete"));
    }

    private HttpResponse<String> export(String authorization) {
        return export(authorization, "");
    }

    private HttpResponse<String> export(String authorization, String more) {
        return selling.call(EXPORT, List.of(), of(selling) + more, "", with(authorization));
    }

    private HttpResponse<String> erase(String more, String authorization) {
        return selling.call(ERASE, List.of(), of(selling) + more, "", with(authorization));
    }

    private HttpResponse<String> read(String id, String query, String authorization) {
        return selling.call(READ, List.of(id), query, "", with(authorization));
    }

    private static String of(SellingClient client) {
        return "?organization_id=" + client.organization;
    }

    private String owner(int secondsSinceSignIn) {
        return selling.bearer("org_id", selling.organization, "org_role", "owner", "auth_time",
                Instant.now().getEpochSecond() - secondsSinceSignIn);
    }
}
