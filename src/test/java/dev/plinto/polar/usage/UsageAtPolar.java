package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.api.PolarEvents;
import dev.plinto.polar.polar.api.PolarEventsAt;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Events in the database, a simulated Polar over HTTP, and what sends the former to the latter. The service that runs
/// beside the test sends nothing meanwhile.
abstract class UsageAtPolar {

    @Inject
    Pool pool;
    @Inject
    SendUsage ofTheService;

    final Database database = Database.ofSandbox();
    /// How far Polar's clock is behind ours. It never goes back.
    final AtomicReference<Duration> behind = new AtomicReference<>(behindAtFirst());
    final SimulatedPolar polar = new SimulatedPolar(() -> Instant.now().minus(behind.get()), new Random(7));
    final PolarServer server = PolarServer.start(polar);
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final UsageMetrics metrics = new UsageMetrics(registry);
    final String organization = "usage-" + UUID.randomUUID();

    Duration behindAtFirst() {
        return Duration.ZERO;
    }

    @BeforeEach
    void beAlone() throws InterruptedException {
        ofTheService.stop(null); // to lose the lease would end it only at its next renewal
        database.execute("DELETE FROM usage_events");
        database.execute("DELETE FROM usage_sent");
    }

    @AfterEach
    void end() {
        server.close();
        database.execute("DELETE FROM usage_events");
        database.execute("DELETE FROM usage_sent");
        database.execute("DELETE FROM customers WHERE starts_with(external_id, 'usage-')");
        database.execute("DELETE FROM subscriptions WHERE starts_with(account, 'usage-')");
        database.execute("DELETE FROM orders WHERE starts_with(organization_id, 'usage-')");
    }

    UsageTurn turn() {
        return turn(PolarEventsAt.of(server.apiUrl()), pool);
    }

    UsageTurn turn(PolarEvents events, Pool database) {
        return new UsageTurn(new FairBatches(new UsageQueue(database)), new Buyers(database, InstantSource.system()),
                events, new UsageOutcomes(database), metrics, InstantSource.system());
    }

    /// An organization with a customer of its own, whom both sides know.
    String billable(String organization) {
        String customer = polar.exclusively(() -> polar.customers().create(organization)).toString();
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", customer, organization);
        return customer;
    }

    UUID add(String organization, String key, String quantity) {
        return add(organization, key, quantity, null, Instant.now().minusSeconds(5));
    }

    UUID add(String organization, String key, String quantity, String properties, Instant at) {
        UUID id = UsageId.of(organization, key).value();
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, properties, occurred_at, due_at)
                VALUES (?, ?, ?, 'call', ?::numeric, ?, ?::timestamptz, ?::timestamptz)
                """, organization, id, key, quantity, properties, at.toString(), at.toString());
        return id;
    }

    void addMany(String organization, int events) {
        database.execute("""
                INSERT INTO usage_events (organization, id, key, event_name, quantity, occurred_at, due_at)
                SELECT ?, gen_random_uuid(), number, 'call', 1, clock_timestamp() - interval '1 minute',
                       clock_timestamp() - interval '1 minute'
                FROM generate_series(1, ?) AS number
                """, organization, events);
    }

    /// Until nothing is due any more.
    static void sendAll(UsageTurn turn) throws InterruptedException {
        while (turn.next() != UsageTurn.Done.NOTHING) {
            // the next part
        }
    }

    /// The events that Polar has.
    List<JsonNode> held() {
        return polar.exclusively(() -> polar.records().usage().map(event -> (JsonNode) event.json().get()).toList());
    }

    List<String> states() {
        return database.column("SELECT state FROM usage_events ORDER BY state, id");
    }

    double counted(String outcome) {
        return registry.get("polar.usage.events").tag("outcome", outcome).counter().count();
    }

    void assertSent(String organization, String events, String quantity) {
        assertThat(database.rows("""
                SELECT sum(events), sum(quantity) FROM usage_sent WHERE organization = ? AND event_name = 'call'
                """, organization)).containsExactly(List.of(events, quantity));
    }
}
