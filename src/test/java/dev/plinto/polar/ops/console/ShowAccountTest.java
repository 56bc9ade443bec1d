package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.ops.Format;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.PastDecisions;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the account page answers to "why has it no access?".
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ShowAccountTest extends AsOperator {

    private static final String WELL = "class=\"verdict well\"";
    private static final String NOTABLE = "class=\"verdict notable\"";
    private static final String WRONG = "class=\"verdict wrong\"";
    private static final String UNKNOWN = "class=\"verdict unknown\"";
    private final String id = UUID.randomUUID().toString();
    private final String organization = "org-" + id;

    @AfterEach
    void forgetParked() {
        database.execute("DELETE FROM parked WHERE webhook_id LIKE ?", "parked-%" + id);
    }

    @Test
    void setThatIsLinkedToNoOrganization_isNoAccess_untilItIsLinked() {
        grant("null");

        String unlinked = page("customer:c-" + id, "Granted, but linked to no organization: nobody may use it");
        assertThat(unlinked).contains(NOTABLE, "set the external id of the customer", "c-" + id)
                .doesNotContain(WELL, "It has access", ">may use<");

        customerUpdated();
        assertThat(page("customer:c-" + id, "its customer belongs to an organization"))
                .contains(UNKNOWN, "href=\"/ops/accounts?account=" + organization + "\"").doesNotContain(WRONG);
        assertThat(page(organization, "It has access")).contains(WELL);
    }

    @Test
    void idThatNobodyKnows_isNotCalledAnOrganizationWithoutAccess() {
        assertThat(page("org-nobody", "Nothing is known about this id"))
                .contains(UNKNOWN, "Check the spelling", "external id of the customer", "/ops/reconciliation")
                .doesNotContain(WRONG, "no access", "No benefits.");
        assertThat(page("customer:nobody", "Nothing is known about this id")).contains(UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"c-, a customer", "s-, a subscription (Pro)", "o-, an order", "g-, a grant (Help by phone)",
            "w-, an event (benefit_grant.created)"})
    void idOfAnotherKind_leadsToItsOrganization(String prefix, String kind) {
        grant('"' + organization + '"');
        page(organization, "It has access");
        database.execute("INSERT INTO orders (id, customer_id) VALUES (?, ?)", "o-" + id, "c-" + id);
        database.execute("INSERT INTO subscriptions (id, customer_id, product_name) VALUES (?, ?, 'Pro')", "s-" + id,
                "c-" + id);

        assertThat(page(prefix + id, "<h1><span class=\"id\">" + organization))
                .contains(prefix + id + "</span> is the id of " + kind + " of this account.", "It has access", WELL);
    }

    @Test
    void idThatManyAccountsCanHave_isNamed() {
        database.execute("INSERT INTO benefits (id, description) VALUES (?, 'Help by phone')", "b-" + id);

        assertThat(page("b-" + id, "This is not the id of an account"))
                .contains(UNKNOWN, "is the id of a benefit (Help by phone)", "Many accounts can have it")
                .doesNotContain("Nothing is known");
    }

    @Test
    void parkedEventsOfTheCustomers_makeTheAnswerDoubtful() {
        grant('"' + organization + '"');
        page(organization, "It has access");
        park("parked-1-" + id, "c-" + id, "{\"type\":\"benefit_grant.revoked\",\"data\":{}}");
        park("parked-2-" + id, "another-" + id,
                "{\"type\":\"a\",\"data\":{\"customer\":{\"external_id\": \"" + organization + "\"}}");

        assertThat(page(organization, "It has access")).contains(NOTABLE,
                "2 events of its customers are parked: this answer may be incomplete.",
                "href=\"/ops/events/parked-1-" + id + "\"", "href=\"/ops/events/parked-2-" + id + "\"", "for a test")
                .doesNotContain(WELL);
        assertThat(Operator.json(operator.get("accounts/" + organization)).at("/parked"))
                .hasSize(2);
    }

    /// The body may be no event at all. An id is not the same text elsewhere in a body, nor a part of another id.
    @Test
    void parkedEventsOfUnknownCustomers_areFoundByTheOrganizationInTheirBodies() {
        park("parked-1-" + id, null, "{\"data\":{\"customer\":{\"external_id\":\"" + organization + "\"}} broken");
        park("parked-2-" + id, null, "{\"data\":{\"name\":\"" + organization + "\"}}");
        park("parked-3-" + id, null, "{\"data\":{\"external_id\":\"" + organization + "-2\"}}");

        assertThat(page(organization, "Nothing is known about this id")).contains(NOTABLE,
                "1 event with this id is parked: this answer may be incomplete.", "parked-1-" + id)
                .doesNotContain("parked-2-", "parked-3-");
    }

    @Test
    void parkedEventsThatWereNotSearched_makeTheAnswerDoubtful() {
        grant('"' + organization + '"');
        assertThat(page(organization, "It has access")).doesNotContain("only the newest were searched");
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "SELECT 'parked-' || n || ?, 'test.type', 'failed', 'for a test', now(), 'webhook', '\\x00' "
                + "FROM generate_series(1, 5001) AS n", "-" + id);

        assertThat(page(organization, "It has access")).contains(NOTABLE,
                "only the newest were searched for this account: this answer may be incomplete");
    }

    @Test
    void discardedEvents_areNamed_andFoundAmongTheEventsOfTheAccount() {
        park("parked-1-" + id, null, "{\"data\":{\"customer\":{\"external_id\":\"" + organization + "\"}} broken");
        park("parked-2-" + id, "c-" + id, "{}");
        park("parked-3-" + id, null, "{\"data\":{\"name\":\"" + organization + "\"}}");
        List.of(1, 2, 3).forEach(this::discard);

        assertThat(page(organization, "Nothing is known about this id")).contains(UNKNOWN,
                "1 event with this id was discarded by an operator", "parked-1-" + id, "apart from what was discarded")
                .doesNotContain("parked-2-", "parked-3-");
        grant('"' + organization + '"');
        page(organization, "It has access");
        assertThat(page(organization, "2 events of its customers were discarded by an operator")).contains(WELL,
                "It has access", "what they said is no part of this answer.",
                "href=\"/ops/events/parked-1-" + id + "\"", "href=\"/ops/events/parked-2-" + id + "\"");
        assertThat(Operator.json(operator.get("accounts/" + organization)).at("/discarded")).hasSize(2);
        assertThat(Operator.json(operator.get("events?outcome=discarded&organization_id=" + organization)).at("/items"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"data\":{\"customer\":{\"external_id\":\"%s\",\"owner\":{\"external_id\":\"usr\"}}} broken",
            "{\"data\":{\"metadata\":{\"organization_id\":\"%s\"},\"customer\":{\"external_id\":\"org-other\"}}}"})
    void idOfAnEventOfAnUnknownCustomer_leadsToTheOrganizationInItsBody(String body) {
        park("parked-1-" + id, "unknown-" + id, body.formatted(organization));

        assertThat(page("parked-1-" + id, "<h1><span class=\"id\">" + organization)).contains(NOTABLE,
                "parked-1-" + id + "</span> is the id of an event (test.type) of this account.",
                "1 event with this id is parked");
        assertThat(visitor.get("/ops/events?organization_id=" + organization).body()).contains("parked-1-" + id);
        discard(1);
        assertThat(page("parked-1-" + id, "<h1><span class=\"id\">" + organization))
                .contains("1 event with this id was discarded by an operator");
    }

    @Test
    void pastMoment_isToldInThePast() {
        Instant lost = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(3));
        new PastDecisions(organization).bought(lost.minus(Duration.ofDays(30))).couldNotPay(lost);
        park("parked-1-" + id, "c-" + organization, "{}");

        String had = page(organization + "&at=" + lost.minusSeconds(60), "It had access");
        assertThat(had).contains("The account could use Unlimited exports.", "could use</span>", WELL,
                "value=\"" + lost.minusSeconds(60).toString().replace("Z", "") + "\"",
                "The account gained Unlimited exports.").doesNotContain("parked-1-");
        String lacked = page(organization + "&at=" + lost.plusSeconds(60), "It had no access");
        assertThat(lacked).contains("The account could use nothing.", "could not use</span>", WRONG);
        assertThat(List.of(had, lacked)).allSatisfy(page -> assertThat(main(page))
                .doesNotContainPattern("It has |May use|may use|may not|Current "));
        assertThat(page(organization + "&at=" + lost.minus(Duration.ofDays(60)), "Nothing was known about it"))
                .contains(UNKNOWN, "POLAR_RETENTION_HISTORY").doesNotContain(WRONG);
        assertThat(page(organization + "&at=2199-01-01T00:00", "It has no access"))
                .contains(Format.time("2199-01-01T00:00:00Z") + " is in the future: this is the state now.");
    }

    private static String main(String page) {
        return page.substring(page.indexOf("<main"));
    }

    /// The account's page, once it has the text.
    private String page(String account, String text) {
        return await().atMost(PATIENCE).until(() -> visitor.get("/ops/accounts?account=" + account).body(),
                body -> body.contains(text));
    }

    private void grant(String externalId) {
        SignedDelivery.of("w-" + id, """
                {"type":"benefit_grant.created","timestamp":"2026-10-01T08:00:00Z","data":{"id":"g-%1$s",
                 "customer_id":"c-%1$s","benefit_id":"b-1","is_granted":true,
                 "customer":{"id":"c-%1$s","external_id":%2$s,"created_at":"2026-10-01T08:00:00Z"},
                 "benefit":{"id":"b-1","type":"custom","description":"Help by phone",
                 "created_at":"2026-10-01T08:00:00Z"}}}
                """.formatted(id, externalId).getBytes(StandardCharsets.UTF_8), Instant.now())
                .send(service.resolve("/api/v1/polar/webhooks"));
    }

    private void customerUpdated() {
        SignedDelivery.of("""
                {"type":"customer.updated","timestamp":"2026-10-02T08:00:00Z","data":{"id":"c-%s","external_id":"%s",
                 "created_at":"2026-10-01T08:00:00Z"}}
                """.formatted(id, organization)).send(service.resolve("/api/v1/polar/webhooks"));
    }

    private void discard(int number) {
        assertThat(operator
                .post("parked/parked-" + number + "-" + id + "/discard", "{\"reason\":\"sent by a test\"}")
                .statusCode()).isEqualTo(200);
    }

    private void park(String webhookId, String subject, String body) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body, subject) "
                + "VALUES (?, 'test.type', 'failed', 'for a test', now(), 'webhook', ?, ?)", webhookId,
                body.getBytes(StandardCharsets.UTF_8), subject);
    }
}
