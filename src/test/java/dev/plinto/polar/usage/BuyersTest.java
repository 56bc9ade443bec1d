package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who pays for what an organization uses, and what has nobody who pays.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class BuyersTest extends UsageAtPolar {

    private final String own = "own-" + organization;
    private final String ordering = "ordering-" + organization;
    private final String subscribed = "subscribed-" + organization;

    @Test
    void newestLiveSubscription_isBeforeTheNewestOrder_andThatBeforeTheOwnCustomer() {
        assertThat(buyer()).isNull();
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", own, organization);
        assertThat(buyer()).isEqualTo(own);
        order("older-" + organization, "2026-01-01T00:00:00Z");
        order(ordering, "2026-02-01T00:00:00Z");
        assertThat(buyer()).isEqualTo(ordering);
        subscription("older-" + organization, "active", "2026-01-01T00:00:00Z");
        subscription(subscribed, "past_due", "2026-03-01T00:00:00Z");
        subscription("ended-" + organization, "canceled", "2026-04-01T00:00:00Z");
        assertThat(buyer()).isEqualTo(subscribed);
    }

    @Test
    void deletedCustomer_paysNothing() {
        order(ordering, "2026-01-01T00:00:00Z");
        subscription(subscribed, "active", "2026-03-01T00:00:00Z");
        database.execute("INSERT INTO customers (id, external_id, deleted_at) VALUES (?, ?, now())", subscribed,
                organization);

        assertThat(buyer()).isEqualTo(ordering);
    }

    @Test
    void customerAtConekta_paysNothingAtPolar() {
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", "conekta:" + organization,
                organization);
        subscription("conekta:" + organization, "active", "2026-03-01T00:00:00Z");
        assertThat(buyer()).isNull();
        order(ordering, "2026-01-01T00:00:00Z");
        assertThat(buyer()).isEqualTo(ordering);
    }

    @Test
    void organizationWithoutACustomer_waits_andItsEventsAreSentOnceItHasOne() throws Exception {
        addMany(organization, 5_001);
        add("usage-other", "a", "1");
        sendAll(turn());
        assertThat(states()).hasSize(5_002).containsOnly("not_billable");
        assertThat(server.requests()).isEmpty();

        database.execute("UPDATE usage_events SET due_at = now() - interval '10 days'");
        billable(organization);
        round();

        assertThat(database.rows("SELECT organization, state, count(*) FROM usage_events GROUP BY 1, 2 ORDER BY 1"))
                .containsExactly(List.of(organization, "pending", "5001"), List.of("usage-other", "not_billable", "1"));
        assertThat(database.number("SELECT count(*) FROM usage_events WHERE state = 'pending' "
                + "AND due_at < clock_timestamp() - interval '30 s'")).as("they are due from now on").isZero();
    }

    @Test
    void eventThatNeverBecameBillable_isDroppedAfter30Days_andCounted() throws Exception {
        UUID old = add(organization, "old", "1");
        UUID young = add(organization, "young", "1", null, Instant.now().minusSeconds(29 * 24 * 3600));
        sendAll(turn());
        database.execute("UPDATE usage_events SET due_at = now() - interval '30 days 1 hour' WHERE id = ?", old);

        round();

        assertThat(database.column("SELECT id FROM usage_events")).containsExactly(young.toString());
        assertThat(counted("rejected")).isEqualTo(1);
    }

    @Test
    void sums_areForgotten_onceEveryMeterMustHaveTold() {
        database.execute("""
                INSERT INTO usage_sent (organization, event_name, quantity, events, sent_at)
                VALUES ('usage-a', 'old', 1, 1, now() - interval '241 minutes'),
                       ('usage-a', 'new', 1, 1, now() - interval '200 minutes')
                """);

        round();

        assertThat(database.column("SELECT event_name FROM usage_sent")).containsExactly("new");
    }

    /// Of the upkeep, to its end.
    private void round() {
        UsageOutcomes outcomes = new UsageOutcomes(pool);
        UsageUpkeep upkeep = new UsageUpkeep(outcomes, buyers(), metrics);
        for (int i = 0; i < 10; i++) {
            upkeep.next();
        }
    }

    private Buyers buyers() {
        return new Buyers(pool, InstantSource.system());
    }

    private String buyer() {
        return buyers().of(List.of(organization, "usage-nobody")).get(organization);
    }

    private void order(String customer, String at) {
        database.execute("""
                INSERT INTO orders (id, customer_id, organization_id, created_at) VALUES (?, ?, ?, ?::timestamptz)
                """, UUID.randomUUID().toString(), customer, organization, at);
    }

    private void subscription(String customer, String status, String at) {
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, account, status, current_period_start)
                VALUES (?, ?, ?, ?, ?::timestamptz)
                """, UUID.randomUUID().toString(), customer, organization, status, at);
    }
}
