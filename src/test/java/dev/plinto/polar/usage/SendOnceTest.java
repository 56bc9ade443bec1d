package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.api.PolarEventsAt;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.Trap;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// Polar has each event once, and each is counted as sent once.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SendOnceTest extends UsageAtPolar {

    @Inject
    Vertx vertx;

    @Test
    void events_reachTheCustomer_andAreAddedUp() throws Exception {
        String customer = billable(organization);
        Instant at = Instant.parse("2026-11-01T10:00:00.123456Z");
        add(organization, "a", "2.50", "{\"model\":\"ñ\",\"tokens\":1e3}", at);
        add(organization, "b", "-0.5");

        sendAll(turn());

        assertThat(states()).isEmpty();
        assertSent(organization, "2", "2.00");
        assertThat(counted("sent")).isEqualTo(2);
        JsonNode first = held().stream().filter(event -> event.at("/metadata/model").isTextual()).findFirst()
                .orElseThrow();
        assertThat(first.path("customer_id").asText()).isEqualTo(customer);
        assertThat(first.path("name").asText()).isEqualTo("call");
        assertThat(Instant.parse(first.path("timestamp").asText())).isEqualTo(at);
        assertThat(first.at("/metadata/quantity").decimalValue()).isEqualByComparingTo("2.5");
        assertThat(first.at("/metadata/tokens").asInt()).isEqualTo(1000);
        assertThat(first.at("/metadata/model").asText()).isEqualTo("ñ");
    }

    /// The second in which Polar answered is over at that time, so that no meter that is told later lacks the event.
    @Test
    void timeOfSending_isPolars_andNotBeforePolarTookIt() throws Exception {
        billable(organization);
        add(organization, "a", "1");
        Instant before = polar.now();

        sendAll(turn());

        Instant sentAt = Instant.parse(database.column("""
                SELECT to_char(sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM usage_sent""")
                .getFirst());
        assertThat(sentAt).isBetween(before, polar.now().plusSeconds(1));
        assertThat(sentAt).isEqualTo(sentAt.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void equalKeysOfTwoOrganizations_areTwoEvents() throws Exception {
        String another = "usage-another-" + organization;
        billable(organization);
        billable(another);
        add(organization, "same", "3");
        add(another, "same", "4");

        sendAll(turn());

        assertThat(held()).hasSize(2);
        assertSent(organization, "1", "3");
        assertSent(another, "1", "4");
    }

    @Test
    void answerThatIsLost_isFollowedByTheSameIds() throws Exception {
        billable(organization);
        addMany(organization, 5);
        server.faults().next("/events/ingest", 1, new ApiFault.Cut());
        UsageTurn turn = turn();

        assertThatThrownBy(turn::next).isInstanceOf(PolarFailure.class);
        assertThat(held()).hasSize(5);
        assertThat(states()).hasSize(5).containsOnly("pending");
        sendAll(turn);

        assertThat(held()).hasSize(5);
        assertThat(states()).isEmpty();
        assertSent(organization, "5", "5");
    }

    /// The replica is cut off between Polar's answer and its commit, and another one takes over.
    @Test
    void crashBeforeTheCommit_countsEachOnce() throws Exception {
        billable(organization);
        addMany(organization, 5);
        URI address = URI.create(database.jdbcUrl().replaceFirst("jdbc:", ""));
        try (TcpProxy network = TcpProxy.to(address.getPort())) {
            var cut = new Trap(List.of("INSERT INTO usage_sent"), Trap.Side.BEFORE, network::reset,
                    new CompletableFuture<>());
            network.set(cut);
            Pool cutOff = PgBuilder.pool().connectingTo(new PgConnectOptions().setHost("127.0.0.1")
                    .setPort(network.port()).setDatabase(address.getPath().substring(1)).setUser(database.user())
                    .setPassword(database.password())).with(new PoolOptions().setMaxSize(1)).using(vertx).build();
            UsageTurn dying = turn(PolarEventsAt.of(server.apiUrl()), cutOff);

            assertThatThrownBy(dying::next).isInstanceOf(RuntimeException.class);

            assertThat(cut.sprung()).isDone();
            cutOff.closeAndAwait();
        }
        assertThat(held()).hasSize(5);
        assertThat(states()).hasSize(5);

        sendAll(turn());

        assertThat(held()).hasSize(5);
        assertThat(states()).isEmpty();
        assertSent(organization, "5", "5");
        assertThat(counted("sent")).isEqualTo(5);
    }

    @Test
    void twoReplicasAtOnce_countEachOnce() throws Exception {
        billable(organization);
        addMany(organization, 3_000);

        UsageTurn ofOne = turn();
        UsageTurn ofAnother = turn();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> both = List.of(() -> sent(ofOne), () -> sent(ofAnother));
            assertThat(threads.invokeAll(both)).allSatisfy(replica -> assertThat(replica.get()).isTrue());
        }

        assertThat(held()).hasSize(3_000);
        assertThat(states()).isEmpty();
        assertSent(organization, "3000", "3000");
        assertThat(counted("sent")).isEqualTo(3_000);
    }

    private static boolean sent(UsageTurn turn) throws InterruptedException {
        sendAll(turn);
        return true;
    }
}
