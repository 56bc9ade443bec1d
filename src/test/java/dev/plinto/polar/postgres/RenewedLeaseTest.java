package dev.plinto.polar.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who works keeps its lease, however long a step takes; who does not loses it.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RenewedLeaseTest {

    private static final Duration TIME = Duration.ofMillis(600);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String EXPIRES_AT = "SELECT expires_at FROM tested_lease";

    @Inject
    Pool pool;

    private final Database database = Database.ofSandbox();
    private RenewedLease lease;
    private Lease another;

    @BeforeEach
    void createTable() {
        database.execute("""
                CREATE TABLE tested_lease (
                  one boolean PRIMARY KEY DEFAULT true, holder text NOT NULL, expires_at timestamptz NOT NULL)
                """);
        lease = lease(LONG);
        another = new Lease(pool, "tested_lease", TIME);
    }

    @AfterEach
    void dropTable() {
        lease.end();
        database.execute("DROP TABLE tested_lease");
    }

    @Test
    void holderThatWorks_keepsItBeyondItsTime() {
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.take()).isTrue();
        String first = database.column(EXPIRES_AT).getFirst();

        soon().until(() -> database.number("SELECT count(*) FROM tested_lease "
                + "WHERE clock_timestamp() > ?::timestamptz + interval '300 ms'", first) == 1);

        assertThat(another.take()).isFalse();
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.mayContinue()).isTrue();
    }

    @Test
    void holderThatHangs_losesIt_andOneThatWaitsNoLongerThanItMay_doesNot() {
        lease.end();
        lease = lease(TIME);
        assertThat(lease.take()).isTrue();
        String first = database.column(EXPIRES_AT).getFirst();
        soon().until(() -> {
            assertThat(lease.mayContinue()).isTrue();
            return database.number("SELECT count(*) FROM tested_lease "
                    + "WHERE clock_timestamp() > ?::timestamptz + interval '300 ms'", first) == 1;
        });

        soon().until(another::take); // while nobody calls mayContinue()

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.mayContinue()).isFalse();
    }

    @Test
    void holderWhoseThreadDied_losesIt() {
        Thread worker = new Thread(() -> lease.take());
        worker.start();
        soon().until(() -> !worker.isAlive());

        soon().until(another::take);

        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void holderThatAnotherOneReplaced_learnsIt() {
        assertThat(lease.take()).isTrue();

        database.execute("UPDATE tested_lease SET holder = 'another'"); // as after a suspension

        soon().until(() -> !lease.isHeld());
        assertThat(database.column("SELECT holder FROM tested_lease")).containsExactly("another");
        assertThat(lease.take()).isFalse();
    }

    @Test
    void holderThatTheDatabaseDoesNotAnswer_losesIt_andGetsItBackIfNobodyTookIt() throws SQLException {
        assertThat(lease.take()).isTrue();
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE tested_lease IN ACCESS EXCLUSIVE MODE");

            soon().until(() -> !lease.isHeld());

            connection.rollback();
        }
        soon().until(lease::isHeld);
    }

    /// A thread that hangs for ever does not delay the end of the others.
    @Test
    void releasedLease_isFreeAtOnce_andStaysSo() {
        assertThat(lease.take()).isTrue();
        String first = database.column(EXPIRES_AT).getFirst();
        soon().until(() -> !database.column(EXPIRES_AT).getFirst().equals(first)); // it is being renewed

        CompletableFuture.runAsync(lease::release).join();

        assertThat(lease.isHeld()).isFalse();
        assertThat(database.column(EXPIRES_AT)).containsExactly("-infinity");
        assertThat(another.take()).isTrue();
        soon().until(() -> database.number("SELECT count(*) FROM tested_lease "
                + "WHERE expires_at < clock_timestamp()") == 1);
        assertThat(lease.take()).isTrue();
    }

    private RenewedLease lease(Duration longestStep) {
        return new RenewedLease(pool, "tested_lease", TIME, longestStep, "tested");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }
}
