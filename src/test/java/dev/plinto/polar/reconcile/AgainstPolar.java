package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.TopicReader;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Base of tests of the service against a [PlayedPolar], over real HTTP, broker and database. Each test starts with
/// empty tables.
public abstract class AgainstPolar {

    public static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TestHTTPResource("/")
    public URI service;

    @Inject
    ReconcileWithPolar reconciliation;

    final Database database = database();

    public PlayedPolar polar;

    Map<String, Double> repairsBefore;

    @BeforeEach
    void setUp() {
        awaitProjected(); // what tests before have left, of another merchant
        database.execute("TRUNCATE customers, orders, grants, subscriptions, products, benefits, checkouts, members, "
                + "seats, meters, customer_meters, reconciliation_lists, accounts, inbox, payloads, "
                + "parked, history, benefit_changes, reconciliation_seen, "
                + "reconciliation_missing, reconciliation_runs");
        database.execute("UPDATE reconciliation SET step = NULL, log_read_until = NULL, wanted_at = NULL, "
                + "inspected_at = NULL, endpoint_enabled = NULL");
        polar = new PlayedPolar(service);
        repairsBefore = repairs();
    }

    /// Once Polar is closed, the current run fails, and no other one begins.
    @AfterEach
    void tearDown() {
        polar.close();
        await().atMost(TIMEOUT).until(() -> {
            database.execute("UPDATE reconciliation SET step = NULL, wanted_at = NULL");
            return database
                    .number("SELECT count(*) FROM reconciliation WHERE expires_at IS NULL OR expires_at < now()") == 1;
        });
    }

    protected void reconcile() {
        reconciliation.request();
        awaitRun();
    }

    /// As if the runs before had been that much earlier.
    void timePasses(Duration time) {
        database.execute("UPDATE reconciliation_missing SET found_at = found_at - ? * interval '1 ms'",
                time.toMillis());
    }

    void awaitRun() {
        await().atMost(TIMEOUT).until(() -> database.number("SELECT count(*) FROM reconciliation "
                + "WHERE step IS NULL AND started_at >= wanted_at AND succeeded_at >= started_at") == 1);
    }

    void awaitProjected() {
        new EndState(database, topics()).awaitDrained(TIMEOUT);
    }

    protected void assertSameAsPolar() {
        assertThat(liveGrants()).isEqualTo(polar.liveGrants());
        Map<String, String> stored = new TreeMap<>();
        database.rows("SELECT id, status FROM subscriptions WHERE said_at IS NOT NULL")
                .forEach(row -> stored.put(row.get(0), row.get(1)));
        assertThat(stored).isEqualTo(polar.subscriptions());
    }

    protected TreeSet<String> liveGrants() {
        return new TreeSet<>(database.column("SELECT id FROM grants WHERE account IS NOT NULL"));
    }

    protected double metric(String name) {
        return PrometheusText.of(service).value(name);
    }

    Map<String, Double> repairs() {
        return PrometheusText.of(service).values("polar_reconcile_repairs_total", "kind");
    }

    Map<String, Double> newRepairs() {
        Map<String, Double> difference = new TreeMap<>(repairs());
        difference.replaceAll((kind, count) -> count - repairsBefore.get(kind));
        return difference;
    }

    /// Without those of what is only read: webhooks told nothing of Polar's catalogue.
    Map<String, Double> newRepairsOfAccess() {
        Map<String, Double> ofAccess = newRepairs();
        ofAccess.keySet().retainAll(List.of("delivery", "customer", "subscription", "grant"));
        return ofAccess;
    }

    static TopicReader topics() {
        return new TopicReader(setting("kafka.bootstrap.servers"));
    }

    private static Database database() {
        return Database.of(AgainstPolar::setting);
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}
