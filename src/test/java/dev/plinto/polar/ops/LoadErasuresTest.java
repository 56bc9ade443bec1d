package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.DataSubject;
import dev.plinto.polar.ErasureStep;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.Problem;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.PersonalDataSearch;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The first step after the restore of a backup that is older than an erasure.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class LoadErasuresTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String CALL = "POST /api/v1/polar/ops/erasures/load";

    private final Database database = Database.ofSandbox();
    private final String run = UUID.randomUUID().toString();
    private final String organization = "restored-" + run;
    private final String customer = "customer-" + run;
    private final String email = "ada-" + run + "@example.com";
    private final DataSubject subject = new DataSubject(organization, List.of(customer), List.of());

    @TestHTTPResource("/")
    URI service;

    @Inject
    @All
    List<HeldData> rooms;

    private Operator operator;

    @BeforeEach
    void signIn() {
        operator = new Operator(service, "usr_ops");
    }

    @AfterEach
    void tidyUp() {
        database.execute("DELETE FROM erased_ids");
    }

    @Test
    void whatABackupBroughtBack_isErasedAgain_andVersionsGoOn() {
        hold();
        bury("infinity");
        tell("tell erasure");
        database.execute("UPDATE erased_ids SET last_version = 4711000000000 WHERE kind = 'organization'");
        tell("tell end");
        restoreBackup();

        JsonNode loaded = load();

        assertThat(texts(loaded, "erasures")).containsAll(erasures()).isNotEmpty();
        assertThat(texts(loaded, "unfinished")).doesNotContainAnyElementsOf(erasures());
        assertThat(loaded.path("versions").intValue()).isPositive();
        assertThat(version()).isEqualTo(4711000000000L);
        awaitErased();
        assertThat(PersonalDataSearch.ofSandbox().columnsWith(email)).isEmpty();
        assertThat(database.column("SELECT keep_at_provider FROM erasures WHERE organization = ?", organization))
                .containsExactly("t");
        await().atMost(PATIENCE).until(() -> database.column("""
                SELECT result FROM audit_log
                WHERE begun = (SELECT max(id) FROM audit_log WHERE action = 'load_erasures')
                """), results -> results.size() == 1 && results.getFirst().endsWith(" carried out again"));

        load();
        assertThat(erasures()).as("a repeated call does nothing more").hasSize(1);
    }

    /// Nothing came in of it before the backup was made.
    @ParameterizedTest
    @ValueSource(strings = {
            """
            INSERT INTO customer_requests (organization, id, email, proof, actor_kind, actor, due_at)
            VALUES ('%1$s', '%1$s', '%2$s', 'service', 'person', 'usr', 'infinity')""",
            """
            INSERT INTO idempotent_requests (id, organization, call, body_sha256, state, lease_until, same_until,
                                             progress)
            VALUES ('%1$s', '%1$s', 'POST /checkout', sha256(''), 'acting', now(), now(), '%2$s')""",
            """
            INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at)
            VALUES ('%1$s', gen_random_uuid(), '%2$s', 'call', 1, now(), 'infinity')""",
            """
            INSERT INTO provider_overrides (organization, provider) VALUES ('%1$s', 'polar')""",
            """
            INSERT INTO audit_personal (id, field, salt, value, organization)
            VALUES (0, 'actor', decode(repeat('00', 16), 'hex'), '%2$s', '%1$s')"""})
    void organizationThatNeverBought_isErasedAgainToo(String insert) {
        bury("2026-10-02T08:00:00Z");
        tell("tell end");
        database.execute("DELETE FROM erased_ids");
        database.execute(insert.formatted(organization, email));

        load();
        awaitErased();

        assertThat(PersonalDataSearch.ofSandbox().columnsWith(email)).isEmpty();
    }

    /// The end that was told stays: what the organization says after it has come back is kept.
    @Test
    void endThatWasTold_counts() {
        hold();
        bury("2026-10-02T08:00:00Z");
        tell("tell end");
        restoreBackup();

        load();
        awaitErased();

        assertThat(database.column("""
                SELECT erased_until = '2026-10-02T08:00:00Z' FROM erased_ids WHERE hash = erasure_hash(?)
                """, organization)).containsExactly("t");
    }

    @Test
    void erasureThatWentOn_isNamed() {
        hold();
        bury("infinity");
        tell("tell erasure");
        restoreBackup();

        JsonNode loaded = load();

        assertThat(texts(loaded, "unfinished")).containsAll(erasures()).isNotEmpty();
        awaitErased();
    }

    /// It bought again after its erasure, and the backup is newer than both.
    @Test
    void organizationThatHasComeBack_isLeftAsItIs() {
        bury("2026-10-02T08:00:00Z");
        tell("tell end");
        hold();

        load();

        assertThat(erasures()).isEmpty();
        assertThat(PersonalDataSearch.ofSandbox().columnsWith(email)).contains("members.email");
    }

    /// By others it was used too when the organization was erased; the backup does not know.
    @Test
    void customerThatWasNotErased_keepsWhatIsItsOwn() {
        hold();
        bury("infinity");
        database.execute("DELETE FROM erased_ids WHERE kind = 'customer'");
        tell("tell end");
        restoreBackup();

        load();
        awaitErased();

        assertThat(PersonalDataSearch.ofSandbox().columnsWith(email)).contains("members.email");
    }

    @Test
    void brokerThatDoesNotAnswer_isAProblem() {
        LoadErasures calls = new LoadErasures(null, new ErasuresTopic(Map.of("bootstrap.servers", "localhost:1",
                "default.api.timeout.ms", 500, "request.timeout.ms", 400)), null, null);

        assertThat(catchThrowable(calls::told)).isInstanceOfSatisfying(WebApplicationException.class, failure -> {
            assertThat(failure.getResponse().getStatus()).isEqualTo(503);
            assertThat(failure.getResponse().getHeaderString("retry-after")).isEqualTo("10");
            assertThat(((Problem.Document) failure.getResponse().getEntity()).type())
                    .isEqualTo("urn:plinto:polar:erasures-unread");
        });
    }

    private JsonNode load() {
        HttpResponse<String> answer = operator.post("erasures/load");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new OpenApi().faults(CALL, answer)).isEmpty();
        return Operator.json(answer);
    }

    private void hold() {
        database.execute("INSERT INTO accounts (account, version) VALUES (?, 5)", organization);
        database.execute("INSERT INTO customers (id, external_id, said_at, said_by) VALUES (?, ?, now(), 'w')",
                customer,
                organization);
        database.execute("""
                INSERT INTO members (id, customer_id, email, said_at, said_by) VALUES (?, ?, ?, now(), 'w')
                """, "member-" + run, customer, email);
    }

    private void bury(String until) {
        database.execute("""
                INSERT INTO erased_ids
                SELECT 'customer', erasure_hash(?), 'infinity'::timestamptz, NULL, erasure_hash(?)
                UNION ALL SELECT 'organization', erasure_hash(?), ?::timestamptz, 5, NULL
                """, customer, organization, organization, until);
    }

    private void tell(String step) {
        ErasureStep found = rooms.stream().flatMap(room -> Stream.concat(room.stepsBefore().stream(),
                room.stepsAfter().stream())).filter(one -> one.name().equals(step)).findFirst().orElseThrow();
        try {
            found.take(subject);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM outbox") == 0);
    }

    /// It has the rows as they were, and knows of no erasure.
    private void restoreBackup() {
        database.execute("DELETE FROM erased_ids");
        assertThat(PersonalDataSearch.ofSandbox().columnsWith(email)).contains("members.email");
    }

    private long version() {
        return database.number("SELECT version FROM accounts WHERE account = ?", organization);
    }

    private static List<String> texts(JsonNode loaded, String list) {
        return loaded.path(list).valueStream().map(JsonNode::textValue).toList();
    }

    /// Those of this organization: the topic tells of other tests' too.
    private List<String> erasures() {
        return database.column("SELECT id FROM erasures WHERE organization = ?", organization);
    }

    private void awaitErased() {
        await().atMost(PATIENCE).until(() -> database.column(
                "SELECT completed_at IS NOT NULL FROM erasures WHERE organization = ?", organization),
                List.of("t")::equals);
    }
}
