package dev.plinto.polar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// Part a: durable deliveries per second.
final class Ingress {

    private static final String PART = "a ingress";
    private static final int SECONDS = 8;
    private static final int WARM_UP = 120_000;
    private static final int MOST_PER_SECOND = 30_000;
    private static final String SIGNATURE_ONLY = "fastify-standardwebhooks";
    private static final String VALIDATE_EVENT = "fastify-polar-sdk";
    private static final String BARE = "bare-producer";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Report report;
    private final byte[] body = Workload.subscriptionUpdated();
    private final Path scratch;

    Ingress(Report report) throws IOException {
        this.report = report;
        this.scratch = Files.createTempDirectory("plinto-bench");
        Files.write(scratch.resolve("body.json"), body);
    }

    void run(int rounds) throws IOException, InterruptedException {
        try (OwnStack stack = OwnStack.startForLoad()) {
            ReceiverTopics topics = new ReceiverTopics(stack);
            topics.create(SIGNATURE_ONLY, VALIDATE_EVENT, BARE);
            try (PackagedService service = BenchService.service(stack, "ingress", Map.of());
                    Peer signatureOnly = Peer.receiver("standardwebhooks", stack.bootstrapServers(), SIGNATURE_ONLY);
                    Peer validateEvent = Peer.receiver("polar-sdk", stack.bootstrapServers(), VALIDATE_EVENT)) {
                String ours = service.baseUrl() + "/api/v1/polar/webhooks";
                warmUp(ours);
                warmUp(signatureOnly.url());
                warmUp(validateEvent.url());
                BareProducer.run(stack.bootstrapServers(), BARE, body, Duration.ofSeconds(SECONDS));
                for (int round = 1; round <= rounds; round++) {
                    System.out.println("ingress, round " + round);
                    var own = deliver(topics, ours, Topics.RECEIVED, "r" + round, SECONDS).load;
                    var signature = deliver(topics, signatureOnly.url(), SIGNATURE_ONLY, "r" + round, SECONDS).load;
                    var validated = deliver(topics, validateEvent.url(), VALIDATE_EVENT, "r" + round, SECONDS).load;
                    double bare = BareProducer.run(stack.bootstrapServers(), BARE, body, Duration.ofSeconds(SECONDS));
                    report.compare(PART, "against Fastify + standardwebhooks", "1/s", own.perSecond(),
                            signature.perSecond(), "at least 4");
                    report.compare(PART, "against Fastify + validateEvent", "1/s", own.perSecond(),
                            validated.perSecond(), "at least 9");
                    report.compare(PART, "against a bare producer", "1/s", own.perSecond(), bare, "at least 0.45");
                    report.compare(PART, "p99 against Fastify + standardwebhooks", "ms", own.p99Micros() / 1e3,
                            signature.p99Micros() / 1e3, "at most 0.25");
                }
                report.resident(PART, "after load, ingress alone", BenchService.residentMegabytes(service), "");
            }
            allRoles(stack, topics);
        }
    }

    /// For information: with all roles in one process, projection uses a share of the two cores.
    private void allRoles(OwnStack stack, ReceiverTopics topics) throws IOException {
        try (PackagedService service = BenchService.service(stack, "ingress,projection,relay,api", Map.of())) {
            String url = service.baseUrl() + "/api/v1/polar/webhooks";
            warmUp(url);
            Delivered delivered = deliver(topics, url, Topics.RECEIVED, "all", SECONDS);
            report.figure(PART, "all roles in one process", "1/s", delivered.load.perSecond(), "for information");
            report.check(PART, () -> everyDeliveryWasApplied(stack, delivered.there));
        }
    }

    /// Deliveries of earlier rounds were waiting for this service, too. The inbox's primary key excludes duplicates.
    private static void everyDeliveryWasApplied(OwnStack stack, Set<String> delivered) {
        EndState endState = new EndState(stack.database(), stack.reader()).awaitDrained(PATIENCE);
        Set<String> missing = new TreeSet<>(delivered);
        stack.database().column("SELECT webhook_id FROM inbox WHERE webhook_id = ANY (?)",
                (Object) delivered.toArray(String[]::new)).forEach(missing::remove);
        assertThat(missing).as("deliveries that were not applied").isEmpty();
        endState.everyChangeWasPublishedOnceInOrder().newestMessagesMatchStoredState();
    }

    /// Runs until the code is compiled, for a limited time. Node needs less, and gets the same time.
    void warmUp(String url) throws IOException {
        System.out.println("  warming up " + url);
        long accepted = 0;
        for (int i = 0; i < 8 && accepted < WARM_UP; i++) {
            Path ids = scratch.resolve("ids.txt");
            SignedIds.write(ids, SECONDS * MOST_PER_SECOND / 2, "warm-" + i, body);
            accepted += Wrk.run(url, SECONDS, "deliver.lua", ids.toString(), scratch.resolve("body.json").toString())
                    .requests();
        }
    }

    /// @param there the ids on the topic after the load
    private record Delivered(Wrk.Load load, Set<String> there) {}

    private Delivered deliver(ReceiverTopics topics, String url, String topic, String prefix, int seconds)
            throws IOException {
        Path ids = scratch.resolve("ids.txt");
        Set<String> sent = SignedIds.write(ids, seconds * MOST_PER_SECOND, topic + "-" + prefix, body);
        Map<TopicPartition, Long> before = topics.ends(topic);
        Wrk.Load load = Wrk.run(url, seconds, "deliver.lua", ids.toString(), scratch.resolve("body.json").toString());
        Set<String> there = new HashSet<>();
        report.check(PART, () -> {
            assertThat(load.failed()).as("deliveries to %s that were not accepted", topic).isZero();
            there.addAll(topics.idsSince(before, topic, sent, load.requests(), Wrk.CONNECTIONS, body));
        });
        return new Delivered(load, there);
    }
}
