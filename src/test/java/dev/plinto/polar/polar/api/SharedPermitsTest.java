package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two replicas share one budget in the database. The test moves the clock by moving the stored times.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SharedPermitsTest {

    private static final Purpose FOR_ORGANIZATION = new Purpose.ForOrganization("org-1");
    private static final Purpose RECONCILIATION = Purpose.Upkeep.RECONCILIATION;
    private static final Duration INTERVAL = Duration.ofHours(1); // the test takes no part of it
    private static final Rate RATE = new Rate(INTERVAL, INTERVAL.multipliedBy(4));
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MORE_THAN_CONNECTIONS = 100; // of the pool

    @Inject
    Pool pool;

    private final Database database = Database.ofSandbox();
    private SharedPermits one;
    private SharedPermits another;

    @BeforeEach
    void twoReplicas() {
        fill();
        one = new SharedPermits(pool, RATE, LIMIT);
        another = new SharedPermits(pool, RATE, LIMIT);
    }

    @AfterEach
    void fill() {
        database.execute("UPDATE polar_requests SET full_at = '-infinity', closed_until = '-infinity'");
    }

    @Test
    void replicas_shareOneBurst_thenOneForEachInterval() {
        assertThat(one.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(another.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(one.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(another.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(List.of(one.take(FOR_ORGANIZATION), another.take(FOR_ORGANIZATION)))
                .allSatisfy(wait -> assertAbout(wait, INTERVAL));

        advance(INTERVAL);

        assertThat(another.take(FOR_ORGANIZATION)).isEmpty();
        assertAbout(one.take(FOR_ORGANIZATION), INTERVAL);
    }

    @Test
    void reconciliationOfOneReplica_leavesHalfOfTheBurst_toCallsOfAnother() {
        assertThat(one.take(RECONCILIATION)).isEmpty();
        assertThat(one.take(RECONCILIATION)).isEmpty();
        assertAbout(one.take(RECONCILIATION), INTERVAL);

        assertThat(another.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(another.take(FOR_ORGANIZATION)).isEmpty();
        assertAbout(another.take(FOR_ORGANIZATION), INTERVAL);
        assertAbout(one.take(RECONCILIATION), INTERVAL.multipliedBy(3));
    }

    @Test
    void retryAfter_ofOneReplica_closesAllOthers_forTheLongestTime() {
        one.close(Duration.ofMinutes(5));
        another.close(Duration.ofSeconds(1));

        assertAbout(another.take(FOR_ORGANIZATION), Duration.ofMinutes(5));
        advance(Duration.ofMinutes(5));
        assertThat(another.take(FOR_ORGANIZATION)).isEmpty();
    }

    @Test
    void simultaneousRequests_getNoMoreThanThereAre() {
        List<CompletableFuture<Optional<Duration>>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SharedPermits replica = i % 2 == 0 ? one : another;
            all.add(CompletableFuture.supplyAsync(() -> replica.take(FOR_ORGANIZATION)));
        }

        assertThat(all.stream().map(CompletableFuture::join).filter(Optional::isEmpty)).hasSize(4);
    }

    /// Its statement is the whole of what it holds.
    @Test
    void replicaThatDiesInTheMiddle_costsAtMostItsPermit() throws SQLException {
        Connection dying = database.connect();
        try (Statement statement = dying.createStatement()) {
            dying.setAutoCommit(false);
            statement.execute("UPDATE polar_requests SET full_at = clock_timestamp() + interval '4 hours'");
            dying.abort(Runnable::run);
        }

        assertThat(IntStream.range(0, 4).mapToObj(i -> another.take(FOR_ORGANIZATION))).containsOnly(Optional.empty());
        assertThat(another.take(FOR_ORGANIZATION)).isPresent();
    }

    /// Such as a migration of a later release. The caller counts alone meanwhile.
    @Test
    void tableThatIsLocked_isLikeADatabaseThatIsAway() throws SQLException {
        SharedPermits impatient = new SharedPermits(pool, RATE, Duration.ofMillis(200));
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE polar_requests IN ACCESS EXCLUSIVE MODE");

            List<CompletableFuture<Throwable>> all = Stream
                    .generate(() -> CompletableFuture.supplyAsync(
                            () -> catchThrowable(() -> impatient.take(FOR_ORGANIZATION)), threads))
                    .limit(MORE_THAN_CONNECTIONS).toList();
            assertThat(all).allSatisfy(take -> assertThat(take.join()).matches(DatabaseAway::isCauseOf));
            assertThatThrownBy(() -> impatient.close(INTERVAL)).matches(DatabaseAway::isCauseOf);

            connection.rollback();
        }
        assertThatCode(() -> one.take(FOR_ORGANIZATION)).as("no connection is lost").doesNotThrowAnyException();
    }

    private void advance(Duration time) {
        database.execute("UPDATE polar_requests SET full_at = full_at - ?::interval, "
                + "closed_until = closed_until - ?::interval", time.toString(), time.toString());
    }

    private static void assertAbout(Optional<Duration> wait, Duration expected) {
        assertThat(wait.orElseThrow()).isBetween(expected.minus(Duration.ofMinutes(1)), expected);
    }
}
