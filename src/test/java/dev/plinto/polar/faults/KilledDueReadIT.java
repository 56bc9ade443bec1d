package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.HeaderNames;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.conekta.ConektaEvent;
import dev.plinto.polar.sandbox.conekta.ConektaScenarios;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.conekta.rest.ConektaServer;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.JsonLog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// A replica is killed while it waits for Conekta's answer to a due read.
class KilledDueReadIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Of what the simulated Conekta does: the purchase was ten minutes ago.
    private final AtomicReference<Duration> ago = new AtomicReference<>(Duration.ofMinutes(10));
    private final SimulatedConekta conekta = new SimulatedConekta(() -> Instant.now().minus(ago.get()), new Random(23));

    @Test
    void readWithoutItsAnswer_isDoneByAnotherReplica() throws IOException {
        ConektaScenarios.Played sale = new ConektaScenarios(conekta).mexicoPurchase("org-1");
        conekta.exclusively(() -> conekta.subscriptions().pause(sale.subscriptionId())); // no event of it comes
        ago.set(Duration.ZERO);
        try (OwnStack stack = OwnStack.start(); RawTopicWriter writer = stack.writer()) {
            Database database = stack.database();
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "projection,relay,reconcile");
            environment.put("CONEKTA_PRIVATE_KEY", ConektaServer.PRIVATE_KEY);
            environment.put("CONEKTA_SANDBOX", "true");
            environment.put("CONEKTA_PLANS", ConektaScenarios.PLAN + "=pro");
            int port;
            try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                port = silent.getLocalPort();
                environment.put("CONEKTA_API_URL", "http://127.0.0.1:" + port);
                try (PackagedService victim = PackagedService.start(environment)) {
                    writer.write(sale.events().stream().map(KilledDueReadIT::record).toList());
                    try (Socket asked = silent.accept()) {
                        assertThat(asked.getInputStream().read()).isEqualTo('G'); // GET
                        victim.kill();
                    }
                }
            }
            assertThat(database.number("SELECT count(*) FROM due_reads WHERE leased_until > now()")).isPositive();
            assertThat(status(database, sale)).containsExactly("active");

            try (ConektaServer answering = ConektaServer.start(conekta, port);
                    PackagedService successor = PackagedService.start(environment)) {
                database.execute("UPDATE due_reads SET leased_until = now()"); // as two minutes later
                await().atMost(PATIENCE).until(() -> status(database, sale).equals(List.of("paused")));
                await().atMost(PATIENCE).until(() -> database.number("SELECT count(*) FROM due_reads") == 0);
                await().atMost(PATIENCE).until(() -> database.number(
                        "SELECT count(*) FROM grants WHERE account IS NOT NULL AND subscription_id IS NOT NULL") == 0);
                assertThat(answering.requests()).isNotEmpty();
                assertThat(JsonLog.errors(successor.output())).isEmpty();
            }
        }
    }

    private static List<String> status(Database database, ConektaScenarios.Played sale) {
        return database.column("SELECT status FROM subscriptions WHERE id = ?", "conekta:" + sale.subscriptionId());
    }

    private static ProducerRecord<String, byte[]> record(ConektaEvent event) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.CONEKTA_RECEIVED, "cus", event.body());
        RawTopicWriter.header(record, HeaderNames.CE_ID, event.id());
        RawTopicWriter.header(record, HeaderNames.CE_TYPE, "com.conekta." + event.type());
        RawTopicWriter.header(record, HeaderNames.RECEIVED_AT, Rfc3339.format(Clock.systemUTC().instant()));
        return RawTopicWriter.header(record, HeaderNames.ORIGIN, "webhook");
    }
}
