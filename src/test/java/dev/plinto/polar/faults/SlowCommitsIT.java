package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.broker.EmbeddedKafka;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.Replicas;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.TcpProxy;
import dev.plinto.polar.testing.TcpProxy.Network;
import dev.plinto.polar.testing.TopicReader.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The broker takes more than twice as long for everything that it makes durable for a transaction (messages, note,
/// commit) as the lease of the relay lasts: with `-Pfull` 8 s, and the lease is that of production.
class SlowCommitsIT {

    private static final Duration LEASE = Duration.ofSeconds(Size.of("polar.test.relay-lease", 1, 3));
    private static final Duration WRITE = LEASE.multipliedBy(8).dividedBy(3);
    private static final int KEYS = 6;
    private static final int MESSAGES = Size.of("polar.test.slow-messages", 300, 600); // 500 fit in a transaction
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void leaderThatWaitsForTheBroker_staysTheLeader_andPublishesOnceAndInOrder() {
        int detour = FreePort.any();
        try (TcpProxy toKafka = TcpProxy.to(detour);
                OwnStack stack = OwnStack.start(new EmbeddedKafka.Detour(detour, toKafka.port()))) {
            Map<String, String> environment = stack.environment();
            environment.put("POLAR_ROLES", "relay");
            environment.put("POLAR_RELAY_LEASE", LEASE.toMillis() + "ms");
            environment.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:" + toKafka.port());
            try (Replicas replicas = new Replicas(environment)) {
                replicas.ensure(2);
                PackagedService leader = replicas.leader();
                String before = replicas.output();
                toKafka.become(Network.slowWrites(WRITE));
                long began = System.nanoTime();
                write(stack);

                await().atMost(PATIENCE).until(() -> {
                    assertThat(replicas.leaders()).as("replicas that report to lead").isEqualTo(1);
                    return stack.database().number("SELECT count(*) FROM outbox") == 0;
                });

                Duration took = Duration.ofNanos(System.nanoTime() - began);
                System.out.printf("%d messages were published in %d ms%n", MESSAGES, took.toMillis());
                assertThat(took).as("messages, note and commit").isGreaterThan(WRITE.multipliedBy(3));
                assertThat(replicas.leader()).isSameAs(leader);
                assertThat(replicas.output()).as("log of all replicas, without a new line").isEqualTo(before);
                toKafka.become(Network.GOOD);
            }
            List<Message> published = stack.reader().messages(Topics.ENTITLEMENT_CHANGED);
            for (int key = 0; key < KEYS; key++) {
                String name = "org-" + key;
                assertThat(published.stream().filter(message -> message.key().equals(name)).map(Message::version))
                        .as(name).containsExactlyElementsOf(versions());
            }
        }
    }

    private static void write(OwnStack stack) {
        stack.database().execute("""
                INSERT INTO outbox (topic, key, headers, value)
                SELECT '%s', 'org-' || n %% %d, json_build_object('ce_sequence', (n / %2$d)::text), '{}'
                FROM generate_series(0, %d) AS n ORDER BY n
                """.formatted(Topics.ENTITLEMENT_CHANGED, KEYS, MESSAGES - 1));
        stack.database().execute("NOTIFY outbox");
    }

    private static List<Long> versions() {
        return LongStream.range(0, MESSAGES / KEYS).boxed().toList();
    }
}
