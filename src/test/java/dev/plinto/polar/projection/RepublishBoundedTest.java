package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.projection.RepublishState.Outcome;
import dev.plinto.polar.projection.RepublishState.Republished;
import dev.plinto.polar.projection.RepublishState.Versions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Large messages and a full outbox: publishing current state again holds up no live change.
class RepublishBoundedTest extends OnStoredLives {

    /// The lock on the second lets only transactions commit that are before it.
    @ParameterizedTest
    @EnumSource
    void largeMessages_areToldInTransactionsOfTheirOwn(Versions versions) throws Exception {
        List<String> large = List.of("zz-large-1", "zz-large-2", "zz-large-3");
        large.forEach(account -> publishLarge(account, 3_000_000));
        CompletableFuture<Outcome> told;
        try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
            projection.setAutoCommit(false);
            statement.execute("SELECT FROM accounts WHERE account = 'zz-large-2' FOR UPDATE");
            told = CompletableFuture.supplyAsync(() -> all(republish, versions));
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-1'") == 1);
        }
        if (versions == Versions.KEPT) { // the new messages are small
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT sum(octet_length(value)) FROM outbox") > 6_000_000);
            assertThat(database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-3'")).isZero();
            database.execute("TRUNCATE outbox"); // as the relay does
        }
        assertThat(told.join()).isInstanceOf(Republished.class);
        assertThat(database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-3'")).isOne();
    }

    /// Of which the message lists few, but which are all loaded.
    @Test
    void accountsWithManyGrants_areToldInTransactionsOfTheirOwn() throws Exception {
        for (String account : List.of("zz-large-1", "zz-large-2")) {
            publishLarge(account, 1);
            database.execute("INSERT INTO grants (id, customer_id, benefit_id, is_granted, account, said_at, said_by) "
                    + "SELECT ? || n, 'c', 'b', true, ?, now(), 'x' FROM generate_series(1, 3000) AS n", account,
                    account);
        }
        CompletableFuture<Outcome> told;
        try (Connection projection = database.connect(); Statement statement = projection.createStatement()) {
            projection.setAutoCommit(false);
            statement.execute("SELECT FROM accounts WHERE account = 'zz-large-2' FOR UPDATE");
            told = CompletableFuture.supplyAsync(() -> all(republish, Versions.NEW));
            await().atMost(PATIENCE).until(
                    () -> database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large-1'") == 1);
        }
        assertThat(told.join()).isInstanceOf(Republished.class);
        assertThat(told().get(Topics.ENTITLEMENT_CHANGED + " zz-large-2").at("/entitlements/0/grant_count").intValue())
                .isEqualTo(3000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 'x' FROM generate_series(1, 500)",
            "SELECT repeat('x', 3000000) FROM generate_series(1, 2)"})
    void fullOutbox_isWaitedFor(String values) {
        database.execute("INSERT INTO outbox (topic, key, headers, value) SELECT 't', 'k', '{}', "
                + "convert_to(value, 'UTF8') FROM (" + values + ") AS full_ (value)");
        long waiting = database.number("SELECT count(*) FROM outbox");

        assertThat(all(republish(Duration.ZERO), Versions.NEW))
                .isEqualTo(new RepublishState.Incomplete(new Republished(0, 0)));
        CompletableFuture<Outcome> told = CompletableFuture.supplyAsync(() -> all(republish, Versions.NEW));
        await().atMost(PATIENCE)
                .until(() -> database.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 1);
        assertThat(database.number("SELECT count(*) FROM outbox")).isEqualTo(waiting);
        database.execute("TRUNCATE outbox");

        assertThat(told.join()).isInstanceOf(Republished.class);
        assertThat(told()).isEqualTo(stored());
    }

    @Test
    void messageThatNoTopicTakes_isNotWaitedFor() {
        database.execute("INSERT INTO outbox (topic, key, headers, value) VALUES ('t', 'k', '{}', "
                + "convert_to(repeat('x', 9000000), 'UTF8'))");

        assertThat(all(republish(Duration.ZERO), Versions.KEPT)).isInstanceOf(Republished.class);
    }

    /// Which stays until it is deleted by hand.
    @Test
    void messageThatNoTopicTakes_isToldOnce_andItsSmallerSuccessorToo() {
        publishLarge("zz-large", 9_000_000);
        for (int call = 0; call < 2; call++) {
            assertThat(all(republish, Versions.KEPT)).isInstanceOf(Republished.class);
            assertThat(told()).isEqualTo(stored());
            database.execute("DELETE FROM outbox WHERE key <> 'zz-large'"); // as the relay does
            assertThat(database.number("SELECT count(*) FROM outbox")).isOne();
        }

        assertThat(all(republish, Versions.NEW)).isInstanceOf(Republished.class);
        assertThat(told()).isEqualTo(stored());
        assertThat(database.number("SELECT count(*) FROM outbox WHERE key = 'zz-large'")).isEqualTo(2);
    }
}
