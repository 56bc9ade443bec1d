package dev.plinto.polar.projection.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The metrics of subscriptions follow the table. They are sampled so rarely that this test has samples of its own.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class CountSubscriptionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final MetricsConfig OFTEN = new MetricsConfig() {

        @Override
        public Duration period() {
            return Duration.ofMillis(2); // of which 30 lie between two samples
        }

        @Override
        public Duration maxAge() {
            return PATIENCE;
        }
    };

    @Inject
    Pool pool;

    @Inject
    Roles roles;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Database database = Database.ofSandbox();
    private final String product = "m-" + UUID.randomUUID();
    private SubscriptionMetrics metrics;

    @BeforeEach
    void start() {
        metrics = new SubscriptionMetrics(registry, pool, OFTEN, roles);
        metrics.start(new StartupEvent());
    }

    @AfterEach
    void stop() throws InterruptedException {
        metrics.stop(new ShutdownEvent());
        database.execute("DELETE FROM subscriptions WHERE product_name = ?", product);
    }

    @Test
    void subscriptions_areCountedByProduct_untilAMonthAfterTheirEnd() {
        insert("past_due", null, 90);
        insert("canceled", null, 9);
        insert("canceled", "29 days", 7);
        insert("canceled", "31 days", 5);
        insert("active", null, 900);

        await().atMost(PATIENCE).until(() -> count("polar.active.subscriptions") == 990);
        assertThat(count("polar.ended.subscriptions")).isEqualTo(7);
        assertThat(count("polar.ending.subscriptions")).isZero();
        database.execute("UPDATE subscriptions SET cancel_at_period_end = true WHERE product_name = ?", product);
        await().atMost(PATIENCE).until(() -> count("polar.ending.subscriptions") == 990);
        assertThat(count("polar.active.subscriptions")).isEqualTo(990);

        database.execute("DELETE FROM subscriptions WHERE product_name = ?", product);
        await().atMost(PATIENCE).until(() -> count("polar.active.subscriptions") == 0);
    }

    private void insert(String status, String ended, int number) {
        database.execute("INSERT INTO subscriptions (id, product_name, status, ended_at) "
                + "SELECT ? || n, ?, ?, now() - cast(? AS interval) FROM generate_series(1, ?) AS n",
                UUID.randomUUID().toString(), product, status, ended, number);
    }

    private double count(String metric) {
        Gauge gauge = registry.find(metric).tag("product", product).gauge();
        return gauge == null ? 0 : gauge.value();
    }
}
