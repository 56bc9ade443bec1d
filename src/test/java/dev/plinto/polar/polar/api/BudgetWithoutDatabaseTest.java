package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.TcpProxy.Network;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// While the database does not answer, a replica counts alone, and less.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class BudgetWithoutDatabaseTest {

    private static final Purpose.ForOrganization FOR_ORGANIZATION = new Purpose.ForOrganization("org-1");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LIMIT = Duration.ofMillis(500);

    @Inject
    Vertx vertx;

    private final Database database = Database.ofSandbox();
    private final URI address = URI.create(database.jdbcUrl().substring("jdbc:".length()));
    private final TcpProxy network = TcpProxy.to(address.getPort());
    private Pool pool;
    private long now;
    private RequestBudget budget;

    @BeforeEach
    void connect() {
        fill();
        pool = Pool.newInstance(PgBuilder.pool().using(vertx).connectingTo(new PgConnectOptions()
                .setHost("127.0.0.1").setPort(network.port()).setDatabase(address.getPath().substring(1))
                .setUser(database.user()).setPassword(database.password())).build());
        budget = budget(LIMIT);
    }

    private RequestBudget budget(Duration limit) {
        return new RequestBudget(new SharedPermits(pool, new Rate(HOUR, HOUR.multipliedBy(100)), limit),
                new LocalPermits(new Rate(HOUR, HOUR), () -> now), () -> now, time -> now += time.toNanos());
    }

    @AfterEach
    void close() {
        pool.closeAndForget();
        network.close();
        fill();
    }

    private void fill() {
        database.execute("UPDATE polar_requests SET full_at = '-infinity', closed_until = '-infinity'");
    }

    @Test
    void databaseThatIsSilent_leavesThisReplicaAPart_untilItIsBack() throws Exception {
        assertThat(budget.take(FOR_ORGANIZATION)).isEmpty();
        network.become(Network.SILENT);

        assertThat(budget.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(budget.take(FOR_ORGANIZATION)).hasValue(HOUR);
        network.become(Network.GOOD);
        network.reset(); // what was lost on these connections never comes
        assertThat(budget.take(FOR_ORGANIZATION)).as("it is not asked again at once").hasValue(HOUR);

        await().until(() -> { // the pool may notice later that its connection is closed
            now += Duration.ofSeconds(10).toNanos();
            return budget.take(FOR_ORGANIZATION).isEmpty();
        });
        assertThat(database.column("SELECT full_at > clock_timestamp() + interval '90 minutes' FROM polar_requests"))
                .as("at least two are taken there").containsExactly("t");
    }

    @Test
    void interrupt_endsTheWaitForTheDatabase() throws Exception {
        RequestBudget patient = budget(Duration.ofMinutes(1));
        network.become(Network.SILENT);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(
                () -> thrown.complete(catchThrowable(() -> patient.take(FOR_ORGANIZATION))));
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        waiting.interrupt();

        assertThat(thrown.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void retryAfter_isObeyed_withoutADatabase() throws Exception {
        network.become(Network.SILENT);

        budget.pause(HOUR);

        assertThat(budget.take(FOR_ORGANIZATION)).hasValue(HOUR);
    }

    @Test
    void organizationsLimit_holdsWithoutADatabase_sinceItsCallsFail() {
        network.become(Network.SILENT);

        assertThatThrownBy(() -> new OrganizationCalls(pool, Rate.perMinute(60)).count(FOR_ORGANIZATION))
                .matches(DatabaseAway::isCauseOf);
    }
}
