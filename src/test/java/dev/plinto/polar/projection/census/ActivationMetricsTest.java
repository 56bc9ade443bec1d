package dev.plinto.polar.projection.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The time from a purchase to its grants, measured once for each purchase.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ActivationMetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Database DATABASE = Database.ofSandbox();

    @TestHTTPResource("/")
    URI service;

    private final String id = "measured-" + UUID.randomUUID();

    @AfterEach
    void forget() {
        for (String table : new String[] {"grants", "orders", "subscriptions", "checkouts", "products"}) {
            DATABASE.execute("DELETE FROM " + table + " WHERE id LIKE ?", id + "%");
        }
        DATABASE.execute("DELETE FROM activations WHERE checkout_id = ?", id);
    }

    @Test
    void purchase_isMeasuredOnce_whenAllIsGranted() {
        DATABASE.execute("INSERT INTO products (id, benefit_ids) VALUES (?, '[\"a\", \"b\", \"d\"]')", id);
        DATABASE.execute("""
                INSERT INTO checkouts (id, product_id, status, created_at, said_at)
                VALUES (?, ?, 'succeeded', now() - interval '5 minutes', now())
                """, id, id);
        DATABASE.execute("INSERT INTO subscriptions (id, product_id, checkout_id) VALUES (?, ?, ?)", id, id, id);
        DATABASE.execute("INSERT INTO orders (id, checkout_id, created_at) VALUES (?, ?, '2026-11-30T08:00:00Z')", id,
                id);
        grant("a", "2026-11-30T08:00:03Z", "custom", "org");
        grant("d", null, "discord", null); // waits for the customer
        double count = metric("polar_activation_seconds_count");
        assertThat(DATABASE.number("SELECT count(*) FROM activations WHERE checkout_id = ?", id)).isZero();

        grant("b", "2026-11-30T08:00:07Z", "custom", "org");

        await().atMost(PATIENCE).until(() -> metric("polar_activation_seconds_count") > count);
        assertThat(DATABASE.number("SELECT seconds::int FROM activations WHERE checkout_id = ?", id)).isEqualTo(7);
    }

    private void grant(String benefit, String grantedAt, String type, String account) {
        DATABASE.execute("""
                INSERT INTO grants (id, customer_id, subscription_id, benefit_id, benefit_type, granted_at, account)
                VALUES (?, 'cus', ?, ?, ?, ?::timestamptz, ?)
                """, id + benefit, id, benefit, type, grantedAt, account);
    }

    private double metric(String name) {
        return PrometheusText.of(service).value(name);
    }
}
