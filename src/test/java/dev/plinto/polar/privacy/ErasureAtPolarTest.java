package dev.plinto.polar.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.billing.SellingClient;
import dev.plinto.polar.billing.SellingStack;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.privacy.ErasureStore.Attempt;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an erasure does at Polar, step by step, and what it leaves.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class ErasureAtPolarTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    EndSubscriptions subscriptions;

    @Inject
    DeleteCustomers customers;

    @Inject
    Pool pool;

    private SellingClient selling;
    private String subscription;
    private String customer;

    @BeforeEach
    void buy() {
        selling = new SellingClient(service);
        subscription = selling.subscription("purchase");
        customer = selling.polar("/subscriptions/" + subscription).path("customer_id").asText();
    }

    @AfterEach
    void tidyUp() {
        selling.endFaults();
        selling.database.execute("DELETE FROM erasures WHERE organization IN (?, 'other-' || ?)", selling.organization,
                selling.organization);
        selling.database.execute("DELETE FROM erased_ids");
    }

    @Test
    void customer_isDeletedAndAnonymised_withItsSubscription_once() throws Exception {
        String email = selling.polar("/subscriptions/" + subscription).at("/customer/email").asText();

        assertThat(subscriptions.take(attempt(false))).contains("1 ended");
        assertThat(customers.take(attempt(false))).contains("1 deleted and anonymised");

        JsonNode now = selling.polar("/subscriptions/" + subscription);
        assertThat(now.path("ended_at").isNull()).isFalse();
        assertThat(now.toString()).doesNotContain(email);
        assertThat(customers.take(attempt(false))).as("after a crash").contains("1 gone before");
    }

    /// Polar is not asked for it: it would not know it, and the erasure would never end.
    @Test
    void whatIsAtAnotherProvider_isLeft() throws Exception {
        String id = UUID.randomUUID().toString();
        selling.database.execute("INSERT INTO customers (id, external_id) VALUES ('fungies:' || ?, ?)", id,
                selling.organization);
        selling.database.execute("INSERT INTO subscriptions (id, customer_id, account, status) "
                + "VALUES ('fungies:' || ?, 'fungies:' || ?, ?, 'active')", id, id, selling.organization);
        try {
            assertThat(subscriptions.take(attempt(false))).contains("1 ended, 1 left at another provider");
            assertThat(customers.take(attempt(false)))
                    .contains("1 deleted and anonymised, 1 left at another provider");
        } finally {
            selling.database.execute("DELETE FROM subscriptions WHERE id = 'fungies:' || ?", id);
            selling.database.execute("DELETE FROM customers WHERE id = 'fungies:' || ?", id);
        }
    }

    @Test
    void customerThatIsToStay_isKept_andItsSubscriptionEnds() throws Exception {
        assertThat(subscriptions.take(attempt(true))).contains("1 ended");
        assertThat(customers.take(attempt(true))).contains("kept, as asked");

        assertThat(selling.polar("/subscriptions/" + subscription).path("ended_at").isNull()).isFalse();
        assertThat(selling.polar("/customers/" + customer).path("external_id").asText())
                .isEqualTo(selling.organization);
        assertThat(subscriptions.take(attempt(true))).as("after a crash").isPresent();
    }

    /// Also if it has begun to after the request.
    @Test
    void customerOfAnotherOrganizationToo_isLeft_andOnlyWhatIsItsOwnEnds() throws Exception {
        Attempt accepted = attempt(false);
        String other = "other-" + selling.organization;
        String others = freeSubscription(customer, other);
        JsonNode before = selling.polar("/customers/" + customer);

        assertThat(subscriptions.take(accepted)).contains("1 ended");
        assertThat(customers.take(accepted)).contains("1 left, since another organization buys by it");

        assertThat(selling.polar("/subscriptions/" + subscription).path("ended_at").isNull()).isFalse();
        assertThat(selling.polar("/subscriptions/" + others).path("status").asText()).isEqualTo("active");
        assertThat(selling.polar("/customers/" + customer)).isEqualTo(before);
    }

    @Test
    void customerWithoutExternalId_thatNobodyElseUses_isDeletedToo() throws Exception {
        String unlinked = selling.polar("POST", "/customers/",
                "{\"email\":\"guest-" + UUID.randomUUID() + "@plinto.dev\"}").path("id").asText();
        freeSubscription(unlinked, selling.organization);

        assertThat(customers.take(attempt(false))).contains("2 deleted and anonymised");

        assertThat(atPolar(unlinked)).isEqualTo(404);
    }

    /// Its events have not come in when the erasure was accepted. Nothing personal of it is stored when they do.
    @Test
    void customerThatIsNotKnownHere_isErasedIfItIsOlderThanTheRequest() throws Exception {
        Instant made = Instant.parse(selling.polar("/customers/" + customer).path("created_at").asText());
        UUID erasure = accepted(List.of());

        assertThat(customers.take(attempt(erasure, List.of(), made))).as("an organization that has come back")
                .contains("1 left, since it was made after the request");
        assertThat(atPolar(customer)).isEqualTo(200);
        assertThat(buried(customer)).isFalse();
        assertThat(customers.take(attempt(erasure, List.of(), made.plusSeconds(1))))
                .contains("1 deleted and anonymised");
        assertThat(buried(customer)).isTrue();
        assertThat(customersOf(erasure)).containsExactly("{" + customer + "}", "{}");
        assertThat(customers.take(attempt(erasure, List.of(customer), made.plusSeconds(1)))).as("after a crash")
                .contains("1 gone before");
    }

    /// What the next steps take for shared stays at Polar, and is stored again.
    @Test
    void customerThatAnotherOrganizationBeginsToBuyBy_isSharedFromThenOn() throws Exception {
        UUID erasure = accepted(List.of(customer));
        Attempt attempt = attempt(erasure, List.of(customer), Instant.now());
        ErasureStore.inOne(pool, store -> {
            store.bury(attempt.subject());
            return null;
        });
        assertThat(buried(customer)).isTrue();
        freeSubscription(customer, "other-" + selling.organization);

        assertThat(customers.take(attempt)).contains("1 left, since another organization buys by it");

        assertThat(buried(customer)).isFalse();
        assertThat(customersOf(erasure)).containsExactly("{}", "{" + customer + "}");
    }

    /// Else neither of the two would ever be rid of it.
    @Test
    void customerOfTwo_isDeleted_onceBothAreErased() throws Exception {
        String other = "other-" + selling.organization;
        String others = freeSubscription(customer, other);
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, completed_at,
                                      due_at)
                VALUES (gen_random_uuid(), ?, '{}', '{}', false, clock_timestamp(), 'infinity')
                """, other);
        assertThat(customers.take(attempt(false))).as("it has come back by the customer")
                .contains("1 left, since another organization buys by it");

        selling.polar("DELETE", "/subscriptions/" + others, "");
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT id FROM live_subscriptions WHERE id = ?", others), List::isEmpty);
        selling.database.execute("UPDATE erasures SET completed_at = clock_timestamp() WHERE organization = ?", other);
        selling.database.execute("UPDATE erasures SET keep_at_provider = true WHERE organization = ?", other);
        assertThat(customers.take(attempt(false))).as("it is to keep the customer")
                .contains("1 left, since another organization buys by it");

        selling.database.execute("UPDATE erasures SET keep_at_provider = false WHERE organization = ?", other);
        assertThat(exported().sharedCustomers()).as("what the other one left is not handed out")
                .containsExactly(customer);
        assertThat(customers.take(attempt(false))).contains("1 deleted and anonymised");
    }

    private DataSubject exported() {
        return ErasureStore.inTransaction(pool, connection -> Answers.await(
                Subjects.toExport(connection, selling.organization)));
    }

    @Test
    void polarThatDoesNotAnswer_failsTheStep_whichDoesTheRestLater() throws Exception {
        selling.fault("cut", "/customers/" + customer);

        assertThatThrownBy(() -> customers.take(attempt(false))).isInstanceOf(PolarFailure.class)
                .hasMessageContaining("delete_customer");
        assertThat(customers.take(attempt(false))).contains("1 gone before");

        assertThat(atPolar(customer)).isEqualTo(404);
    }

    private Attempt attempt(UUID erasure, List<String> known, Instant requestedAt) {
        return new Attempt(erasure, new DataSubject(selling.organization, known, List.of()), 1, false, requestedAt);
    }

    private Attempt attempt(boolean keepsAtProvider) {
        return ErasureStore.inOne(pool, store -> new Attempt(UUID.randomUUID(), store.subject(selling.organization), 1,
                keepsAtProvider, Instant.now()));
    }

    /// Of which no replica takes a step.
    private UUID accepted(List<String> known) {
        UUID id = UUID.randomUUID();
        selling.database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                VALUES (?::uuid, ?, ?::text[], '{}', false, 'infinity')
                """, id.toString(), selling.organization, "{" + String.join(",", known) + "}");
        return id;
    }

    private List<String> customersOf(UUID erasure) {
        return selling.database.rows("SELECT customers, shared_customers FROM erasures WHERE id = ?::uuid",
                erasure.toString()).getFirst();
    }

    private boolean buried(String id) {
        return selling.database.number("SELECT count(*) FROM erased_ids WHERE hash = erasure_hash(?)", id) == 1;
    }

    /// Once it is projected.
    private String freeSubscription(String of, String organization) {
        String product = selling.polar("POST", "/products/", """
                {"name":"Free","visibility":"private","recurring_interval":"month",
                 "metadata":{"group":"%s"},
                 "prices":[{"amount_type":"fixed","price_amount":0,"price_currency":"eur"}]}
                """.formatted(UUID.randomUUID())).path("id").asText();
        String id = selling.polar("POST", "/subscriptions/", """
                {"product_id":"%s","customer_id":"%s","metadata":{"organization_id":"%s"}}
                """.formatted(product, of, organization)).path("id").asText();
        await().atMost(SellingClient.PATIENCE).until(() -> selling.database.column(
                "SELECT id FROM subscriptions WHERE id = ? AND account = ?", id, organization),
                found -> !found.isEmpty());
        return id;
    }

    private int atPolar(String id) {
        return selling.send("GET", "/sandbox/polar/v1/customers/" + id, "", "authorization",
                "Bearer polar_oat_sandbox").statusCode();
    }
}
