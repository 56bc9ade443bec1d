package dev.plinto.polar.privacy;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.billing.SellingClient;
import dev.plinto.polar.billing.SellingStack;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is left of an organization's rows in single rooms.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class ErasedRowsTest {

    private static final String EVENT = """
            {"event_name":"export","quantity":2,"idempotency_key":"of-ada@plinto.dev","properties":{"of":"Ada L."}}
            """;

    @TestHTTPResource("/")
    URI service;

    @Inject
    ErasureSteps steps;

    @Inject
    Pool pool;

    private final Database database = Database.ofSandbox();
    private SellingClient client;
    private DataSubject subject;

    @BeforeEach
    void beOfAnOrganization() {
        client = new SellingClient(service);
        subject = new DataSubject(client.organization, List.of(), List.of());
    }

    @AfterEach
    void forgetParked() {
        database.execute("DELETE FROM parked WHERE detail = 'status'");
    }

    @Test
    void usageThatWaits_losesWhatItsProducerWrote_andIsStillTheSameEvent() {
        assertThat(use().path("accepted").asInt()).isOne();

        assertThat(take("usage rows")).hasValue("1 rows erased");

        assertThat(usage("key = id::text AND properties IS NULL AND quantity = 2")).isOne();
        assertThat(use().path("duplicates").asInt()).isOne();
        assertThat(usage("true")).isOne();
    }

    @Test
    void usageThatWaits_isStillSent_ifThereIsACustomer() {
        use();
        take("usage rows");

        client.trigger("customer.created", client.organization);
        await().atMost(SellingClient.PATIENCE).until(() -> database.number(
                "SELECT count(*) FROM customers WHERE external_id = ?", client.organization), count -> count > 0);
        database.execute("UPDATE usage_events SET state = 'pending', due_at = clock_timestamp() WHERE organization = ?",
                client.organization);

        await().atMost(SellingClient.PATIENCE).until(() -> usage("true"), left -> left == 0);
        assertThat(database.number("SELECT sum(quantity) FROM usage_sent WHERE organization = ?", client.organization))
                .isEqualTo(2);
    }

    @Test
    void refusedUsage_losesTheReasonThatMayRepeatIt_andIsStillParked() {
        use();
        database.execute("UPDATE usage_events SET state = 'parked', reason = 'wrong: Ada L.' WHERE organization = ?",
                client.organization);

        take("usage rows");

        assertThat(usage("state = 'parked' AND reason = 'erased'")).isOne();
    }

    /// Another attempt may have called the provider, and must find what it left.
    @Test
    void requestThatIsUnderWay_isWaitedFor() {
        String id = UUID.randomUUID().toString();
        database.execute("""
                INSERT INTO idempotent_requests (id, organization, call, body_sha256, state, lease_until, same_until,
                                                 progress)
                VALUES (?, ?, 'POST /checkout', sha256(''), 'acting', now() + interval '1 hour', now(),
                        'ada@plinto.dev')
                """, id, client.organization);

        assertThat(take("billing rows")).isEmpty();
        assertThat(requests()).containsExactly(id);

        database.execute("UPDATE idempotent_requests SET lease_until = now() - interval '1 s' WHERE id = ?", id);
        assertThat(take("billing rows")).hasValue("1 rows erased");
        assertThat(requests()).isEmpty();
    }

    @Test
    void usageThatIsSentMeanwhile_isTakenWithoutWhatItsProducerWrote() {
        database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, due_at)
                VALUES (gen_random_uuid(), ?, '{}', '{}', false, 'infinity')
                """, client.organization);
        try {
            assertThat(use().path("accepted").asInt()).isOne();

            assertThat(usage("key = id::text AND properties IS NULL AND quantity = 2")).isOne();
            assertThat(use().path("duplicates").asInt()).isOne();
        } finally {
            database.execute("DELETE FROM erasures WHERE organization = ?", client.organization);
        }
    }

    /// Ids can contain each other.
    @Test
    void eventThatIsParked_isOfTheOrganizationThatItNames_andOfNoOtherOne() {
        String own = park(client.organization);
        String longer = park(client.organization + "0");

        take("projection rows");

        assertThat(bodyIsLeft(own)).isFalse();
        assertThat(bodyIsLeft(longer)).isTrue();
    }

    /// Whoever could choose an organization's id would get everybody's events.
    @ParameterizedTest
    @ValueSource(strings = {"external_id", "ada@plinto.dev"})
    void wordOfAnEvent_isNoOrganizationsId(String word) {
        String others = park(client.organization);
        subject = new DataSubject(word, List.of(), List.of());

        take("projection rows");

        assertThat(bodyIsLeft(others)).isTrue();
    }

    @Test
    void eventThatIsParked_isFound_whateverCharactersTheIdHas() {
        subject = new DataSubject("o\"q\\%_ü-" + client.organization, List.of(), List.of());
        String own = park(subject.organization());

        take("projection rows");

        assertThat(bodyIsLeft(own)).isFalse();
    }

    @Test
    void eventOfACustomerOfTwo_isTheOrganizationsOwn_thoughItsIdContainsTheOtherOnes() {
        String customer = "customer-" + client.organization;
        subject = new DataSubject(client.organization + "0", List.of(), List.of(customer));
        database.execute("INSERT INTO customers (id, external_id, said_at, said_by) VALUES (?, ?, now(), 'w')",
                customer,
                client.organization);
        String own = park(subject.organization());
        String others = park(client.organization);

        take("projection rows");

        assertThat(bodyIsLeft(own)).isFalse();
        assertThat(bodyIsLeft(others)).isTrue();
    }

    @Test
    void customerThatIsNone_isNotFoundInOthersEvents() {
        String others = park(client.organization);
        subject = ErasureStore.inOne(pool, store -> store.subject("customer:"));

        take("projection rows");

        assertThat(subject.customers()).isEmpty();
        assertThat(bodyIsLeft(others)).isTrue();
    }

    /// As it came, it names nobody else, and could not be applied.
    private String park(String organization) {
        String id = UUID.randomUUID().toString();
        byte[] body = JsonNodeFactory.instance.objectNode().put("email", "ada@plinto.dev").put("name", "")
                .put("external_id", organization).toString()
                .getBytes(StandardCharsets.UTF_8);
        database.execute("""
                INSERT INTO parked (webhook_id, reason, detail, received_at, origin, body)
                VALUES (?, 'malformed', 'status', now(), 'webhook', decode(?, 'hex'))
                """, id, HexFormat.of().formatHex(body));
        return id;
    }

    private boolean bodyIsLeft(String parked) {
        return database.number("SELECT octet_length(body) FROM parked WHERE webhook_id = ?", parked) > 0;
    }

    private Optional<String> take(String step) {
        try {
            return steps.find(step).orElseThrow()
                    .take(new ErasureStore.Attempt(UUID.randomUUID(), subject, 1, false, Instant.now()));
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    private JsonNode use() {
        return json(client.send("POST", "/api/v1/polar/usage", EVENT, with(client.service("billing:usage"))), 202);
    }

    private long usage(String condition) {
        return database.number("SELECT count(*) FROM usage_events WHERE organization = ? AND " + condition,
                client.organization);
    }

    private List<String> requests() {
        return database.column("SELECT id FROM idempotent_requests WHERE organization = ?", client.organization);
    }
}
