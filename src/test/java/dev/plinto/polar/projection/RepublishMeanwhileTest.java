package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.projection.RepublishState.Outcome;
import dev.plinto.polar.projection.RepublishState.Republished;
import dev.plinto.polar.projection.RepublishState.Versions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Current state is published again while others work: projections, another call, or a call before that failed.
class RepublishMeanwhileTest extends OnStoredLives {

    /// A projection holds the rows, and commits while this waits for them.
    @ParameterizedTest
    @EnumSource
    void changeThatCommitsMeanwhile_isNotOvertaken(Versions versions) throws Exception {
        String account = accountWithBenefits();
        String subscription = database.column("SELECT id FROM subscriptions WHERE published IS NOT NULL LIMIT 1")
                .getFirst();
        long later = System.currentTimeMillis() + 1_000_000;
        for (String change : List.of("""
                UPDATE subscriptions SET status = 'meanwhile', version = %1$d, published = jsonb_set(jsonb_set(
                  published::jsonb, '{status}', '"meanwhile"'), '{version}', '%1$d')::json
                WHERE id = '%2$s'
                """.formatted(later, subscription), """
                UPDATE customers SET live_grants = '[]'
                WHERE id IN (SELECT customer_id FROM grants WHERE account = '%2$s');
                UPDATE grants SET account = NULL, is_granted = false WHERE account = '%2$s';
                UPDATE accounts SET version = %1$d, published = jsonb_set(jsonb_set(
                  published::jsonb, '{entitlements}', '[]'), '{version}', '%1$d')::json WHERE account = '%2$s'
                """.formatted(later, account))) {
            CompletableFuture<Outcome> told;
            try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
                projection.setAutoCommit(false);
                statement.execute(change);
                told = CompletableFuture.supplyAsync(() -> all(republish, versions));
                await().atMost(PATIENCE).until(
                        () -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
                projection.commit();
            }
            assertThat(told.join()).isInstanceOf(Republished.class);
        }
        JsonNode set = told().get(Topics.ENTITLEMENT_CHANGED + " " + account);
        JsonNode status = told().get(Topics.SUBSCRIPTION_CHANGED + " " + subscription);
        assertThat(set.get("entitlements")).isEmpty();
        assertThat(status.get("status").textValue()).isEqualTo("meanwhile");
        assertThat(List.of(set, status)).allSatisfy(message -> {
            assertThat(message.get("version").longValue()).isGreaterThanOrEqualTo(later);
            assertThat(message.get("version").longValue() > later).isEqualTo(versions == Versions.NEW);
        });
        assertThat(told()).isEqualTo(stored());
    }

    /// A silent connection is closed, and PostgreSQL then lets a second call begin.
    @Test
    void turn_isKept_howeverLongATransactionTakes() throws Exception {
        CompletableFuture<Outcome> told;
        try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
            projection.setAutoCommit(false);
            statement.execute("SELECT FROM accounts FOR UPDATE");
            told = CompletableFuture.supplyAsync(() -> all(republish, Versions.NEW));
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            String heard = lastHeard();
            await().atMost(PATIENCE).until(() -> !lastHeard().equals(heard));
        }
        assertThat(told.join()).isInstanceOf(Republished.class);
    }

    @Test
    void secondCall_doesNothing_whileTheFirstGoesOn() throws Exception {
        try (Connection first = database.connect(); Statement statement = first.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtext('plinto-polar republish'))");

            assertThat(all(republish, Versions.NEW)).isEqualTo(new RepublishState.Running());
            assertThat(database.number("SELECT count(*) FROM outbox")).isZero();
            statement.execute("SELECT pg_advisory_unlock(hashtext('plinto-polar republish'))");
        }
        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
    }

    @Test
    void callThatFailedInTheMiddle_isRepeated() {
        String last = database.column("SELECT max(account) FROM accounts WHERE published IS NOT NULL").getFirst();
        database.execute("ALTER TABLE outbox ADD CONSTRAINT surprise CHECK (key <> '" + last + "')");
        try {
            assertThatThrownBy(() -> all(republish, Versions.NEW)).hasMessageContaining("surprise");
        } finally {
            database.execute("ALTER TABLE outbox DROP CONSTRAINT surprise");
        }

        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
        assertThat(told()).isEqualTo(stored());
    }

    /// When the connection of the call sent its latest statement.
    private static String lastHeard() {
        return database.column("SELECT query_start::text FROM pg_stat_activity JOIN pg_locks USING (pid) "
                + "WHERE locktype = 'advisory'").getFirst();
    }
}
