package dev.plinto.polar.usage;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static dev.plinto.polar.usage.UsageClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.MetricsDelta;
import dev.plinto.polar.testing.PolarsLists;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told of an organization's usage, over real HTTP.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadUsageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

    @TestHTTPResource("/")
    URI service;

    private UsageClient client;
    private String organization;
    private String customer;
    private String meter;

    @BeforeEach
    void know() {
        client = new UsageClient(service);
        organization = client.organization;
        customer = "customer-" + organization;
        meter = "meter-" + organization;
        PolarsLists.areRead(client.database);
        client.database.execute("INSERT INTO meters (id, name) VALUES (?, 'Tokens')", meter);
    }

    @AfterEach
    void forget() {
        List.of("usage_events WHERE organization", "usage_sent WHERE organization", "subscriptions WHERE customer_id",
                "orders WHERE customer_id", "customer_meters WHERE customer_id", "customers WHERE id",
                "meters WHERE id")
                .forEach(rows -> client.database.execute("DELETE FROM " + rows + " LIKE ?", "%" + organization));
    }

    @Test
    void organizationThatIsNotKnown_hasUsedNothing() {
        assertThat(read().toString()).isEqualTo("{\"meters\":[],\"pending\":[]}");
    }

    @Test
    void meters_areAsPolarLastToldThem_signedAndExact() {
        deliver(state(meterOf("a", meter, "12345678901234567.25", "1000", "-12345678901233567.25", now),
                meterOf("b", "unnamed-" + organization, "0", "1.5", "1.5", now.minusSeconds(60))));
        deliver(state(meterOf("a", meter, "7", "1000", "993", now.minusSeconds(1))));

        await().atMost(PATIENCE).until(() -> read().path("meters").size() == 2);
        assertThat(client.read("?organization_id=" + organization, client.member()).body()).isEqualTo("""
                {"meters":[{"meter_id":"%s","name":"Tokens","consumed_units":12345678901234567.25,\
                "credited_units":1000,"balance":-12345678901233567.25,"as_of":"%s"},\
                {"meter_id":"unnamed-%s","name":null,"consumed_units":0,"credited_units":1.5,"balance":1.5,\
                "as_of":"%s"}],"pending":[]}""".formatted(meter, written(now), organization,
                written(now.minusSeconds(60))));
    }

    /// Polar's meter has counted each credit once already.
    @Test
    void creditThatIsToldAgainAndAgain_isCountedOnce() {
        deliver("benefit_grant.created", grant(now.minusSeconds(9)));
        long told = await().atMost(PATIENCE).until(this::version, version -> version > 0);
        MetricsDelta counted = MetricsDelta.whenIdle(service);

        for (int i = 0; i < 3; i++) {
            deliver("benefit_grant.cycled", grant(now.minusSeconds(8 - i)));
        }
        deliver(state(meterOf("a", meter, "0", "25", "25", now)));

        await().atMost(PATIENCE).until(() -> read().path("meters").size() == 1);
        assertThat(read().at("/meters/0/credited_units").asText()).isEqualTo("25");
        assertThat(read().at("/meters/0/balance").asText()).isEqualTo("25");
        assertThat(read().path("pending")).isEmpty();
        assertThat(version()).as("messages").isEqualTo(told);
        Stream.of("accepted", "duplicate", "refused", "sent", "rejected").forEach(
                outcome -> counted.assertIncrease(0, "polar_usage_events_total", "outcome=" + outcome));
    }

    @Test
    void pending_isWhatPolarHasNotTaken_byName() {
        event("call", "5", "pending");
        event("call", "0.25", "not_billable");
        event("call", "100", "parked");
        event("back", "-3", "pending");
        UsageClient other = new UsageClient(service);
        other.send("{\"event_name\":\"call\"}", other.service());

        assertThat(read().path("pending").toString()).isEqualTo("""
                [{"event_name":"back","quantity":-3},{"event_name":"call","quantity":5.25}]""");
    }

    @Test
    void whatPolarHasTaken_isPending_untilAnyMeterOfTheOrganizationIsChanged() {
        Instant sent = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        own();
        sent("call", "2", sent.minusSeconds(1));
        sent("call", "3", sent);
        sent("call", "4", sent.plusSeconds(1));
        event("call", "1", "pending");
        assertThat(pending()).isEqualTo(10);

        told(customer, meter, "0", sent.minusSeconds(2));
        assertThat(pending()).isEqualTo(10);
        told(customer, "other-" + meter, "0", sent);
        assertThat(pending()).as("one was sent after it").isEqualTo(5);
        told(customer, meter, "9", sent.plusSeconds(1));
        assertThat(pending()).isEqualTo(1);
    }

    @Test
    void whatNoMeterTells_isPendingFor3Hours() {
        sent("call", "2", Instant.now().minus(Duration.ofMinutes(179)));
        sent("call", "7", Instant.now().minus(Duration.ofMinutes(181)));

        assertThat(pending()).isEqualTo(2);
    }

    @Test
    void meters_areThoseOfCustomersWhoAreTheOrganizationsAlone() {
        own();
        customer("deleted", organization, true);
        customer("buyer", null, false);
        customer("shared", null, false);
        customer("anothers", "another-" + organization, false);
        Stream.of("buyer", "shared", "anothers").forEach(name -> bought(name, organization));
        bought("shared", "another-" + organization);
        Stream.of("deleted", "buyer", "shared", "anothers").forEach(
                name -> told(name + "-" + organization, name + "-" + meter, "1", now));
        told(customer, meter, "1", now);
        assertThat(read().path("meters").findValuesAsText("meter_id"))
                .containsExactlyInAnyOrder(meter, "buyer-" + meter);

        told("buyer-" + organization, meter, "4.5", now.minusSeconds(5));

        assertThat(read().at("/meters/0/consumed_units").decimalValue()).as("of both").isEqualByComparingTo("5.5");
    }

    @Test
    void namesWithoutEnd_doNotMakeAnAnswerWithoutEnd() {
        client.database.execute("""
                INSERT INTO usage_sent (organization, event_name, quantity, events, sent_at)
                SELECT ?, 'call ' || n, 1, 1, now() FROM generate_series(1000, 2000) AS n
                """, organization);

        assertThat(read().path("pending")).hasSize(500);
        assertThat(read().at("/pending/499/event_name").asText()).isEqualTo("call 1499");
    }

    @Test
    void readers_haveARoleOfTheOrganization_orTheScopeThatReads() {
        assertThat(client.read("?organization_id=" + organization,
                "Bearer " + client.tokens.service("billing:read")).statusCode()).isEqualTo(200);
        assertProblem(client.read("?organization_id=" + organization, client.service()), 403, "role-not-allowed");
        assertProblem(client.read("?organization_id=another", client.member()), 403, "organization-not-allowed");
        assertProblem(client.read("", client.member()), 400, "parameter-missing");
    }

    private JsonNode read() {
        HttpResponse<String> answer = client.read("?organization_id=" + organization, client.member());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private int pending() {
        return read().at("/pending/0/quantity").asInt();
    }

    private long version() {
        return client.database.number("SELECT coalesce((SELECT version FROM accounts WHERE account = ?), 0)",
                organization);
    }

    private static String written(Instant moment) {
        return moment.toString().length() == 20 ? moment.toString().replace("Z", ".000000Z") : moment.toString();
    }

    private void own() {
        client.database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", customer, organization);
    }

    private void customer(String name, String externalId, boolean isDeleted) {
        client.database.execute("""
                INSERT INTO customers (id, external_id, deleted_at) VALUES (?, ?, CASE WHEN ?::boolean THEN now() END)
                """, name + "-" + organization, externalId, Boolean.toString(isDeleted));
    }

    private void bought(String customer, String account) {
        client.database.execute("INSERT INTO subscriptions (id, customer_id, account) VALUES (?, ?, ?)",
                UUID.randomUUID().toString(), customer + "-" + organization, account);
    }

    private void told(String customer, String meter, String consumed, Instant at) {
        client.database.execute("""
                INSERT INTO customer_meters (id, customer_id, meter_id, consumed_units, credited_units, balance,
                                             said_at)
                VALUES (?, ?, ?, ?::numeric, 0, -?::numeric, ?::timestamptz)
                ON CONFLICT (id) DO UPDATE SET consumed_units = excluded.consumed_units, said_at = excluded.said_at
                """, meter + customer, customer, meter, consumed, consumed, at.toString());
    }

    private void event(String name, String quantity, String state) {
        String key = UUID.randomUUID().toString();
        client.database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at, state,
                                          reason)
                SELECT ?, ?::uuid, 'k', ?, ?::numeric, now(), now() + interval '1 day', state,
                       CASE WHEN state = 'parked' THEN 'a reason' END
                FROM (VALUES (?)) AS given (state)
                """, organization, key, name, quantity, state);
    }

    private void sent(String name, String quantity, Instant at) {
        client.database.execute("""
                INSERT INTO usage_sent (organization, event_name, quantity, events, sent_at)
                VALUES (?, ?, ?::numeric, 1, ?::timestamptz)
                """, organization, name, quantity, at.toString());
    }

    private void deliver(String state) {
        deliver("customer.state_changed", state);
    }

    private void deliver(String type, String data) {
        assertThat(SignedDelivery.of("{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
                .formatted(type, Instant.now(), data)).send(service.resolve("/api/v1/polar/webhooks")).statusCode())
                .isEqualTo(202);
    }

    private String state(String... meters) {
        return """
                {"id":"%s","external_id":"%s","active_subscriptions":[],"granted_benefits":[],"active_meters":[%s]}
                """.formatted(customer, organization, String.join(",", meters));
    }

    private String meterOf(String id, String meter, String consumed, String credited, String balance, Instant at) {
        return """
                {"id":"%s-%s","meter_id":"%s","consumed_units":%s,"credited_units":%s,"balance":%s,
                 "created_at":"2026-11-01T08:00:00Z","modified_at":"%s"}
                """.formatted(id, organization, meter, consumed, credited, balance, at);
    }

    private String grant(Instant modified) {
        return """
                {"id":"grant-%1$s","customer_id":"%2$s","benefit_id":"credit","subscription_id":"plan-%1$s",
                 "order_id":null,"is_granted":true,"is_revoked":false,
                 "granted_at":"2026-11-01T08:00:00Z","modified_at":"%3$s",
                 "properties":{"last_credited_meter_id":"%4$s","last_credited_units":25.0,
                               "last_credited_at":"%3$s"},
                 "customer":{"id":"%2$s","external_id":"%1$s","created_at":"2026-11-01T00:00:00Z"},
                 "benefit":{"id":"credit","type":"meter_credit","description":"25 credits","metadata":{}}}
                """.formatted(organization, customer, modified, meter);
    }
}
