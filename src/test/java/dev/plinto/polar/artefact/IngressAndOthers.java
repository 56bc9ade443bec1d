package dev.plinto.polar.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.SteadyDeliveries;
import dev.plinto.polar.testing.SteadyDeliveries.Answer;
import dev.plinto.polar.testing.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One replica with the role `ingress`, another with all other roles; and their broker and database, which may go away.
/// Neither replica is restarted.
final class IngressAndOthers implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;
    static final Duration POLARS_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final int SOME = 50;

    private final OwnStack stack = OwnStack.start();
    private final Database database = stack.database();
    private final TcpProxy proxy = TcpProxy.to(stack.postgres().port());
    private final PackagedService others;
    private final PackagedService ingress;

    IngressAndOthers() {
        stack.createRawTopic(6);
        others = PackagedService.start(environment("projection,relay,api"));
        ingress = startIngress();
    }

    /// One more replica with the role `ingress`; the caller closes it.
    PackagedService startIngress() {
        return PackagedService.start(environment("ingress"));
    }

    OwnStack stack() {
        return stack;
    }

    Database database() {
        return database;
    }

    PackagedService others() {
        return others;
    }

    PackagedService ingress() {
        return ingress;
    }

    void databaseBecomes(TcpProxy.Network network) {
        proxy.become(network);
    }

    /// So that a failed test does not affect the next one.
    void restoreBoth() {
        proxy.become(TcpProxy.Network.GOOD);
        stack.postgres().resume();
        if (!stack.postgres().isAlive()) {
            stack.restartPostgres();
        }
        if (!stack.kafka().isAlive()) {
            stack.restartKafka();
        }
    }

    static List<SignedDelivery> someDeliveries() {
        return Stream.generate(() -> SteadyDeliveries.delivery("outage-" + UUID.randomUUID(), """
                {"type":"refund.created","timestamp":"2026-11-01T00:00:00Z","data":{"id":"r","customer_id":"c"}}"""))
                .limit(SOME).toList();
    }

    /// Delivers some at once, up to three times: the answers to all of them must come within that time, once. (The
    /// machine may be busy with something else.) All that are delivered must be accepted, and are returned.
    List<SignedDelivery> deliverWithin(Duration limit) {
        List<SignedDelivery> all = new ArrayList<>();
        assertOneRound(limit, () -> {
            List<SignedDelivery> some = someDeliveries();
            all.addAll(some);
            List<Answer> answers = SteadyDeliveries.together(ingress, some);
            assertThat(answers).allMatch(answer -> answer.status() == 202);
            return answers;
        });
        return all;
    }

    /// One of three rounds has all of its answers within the time.
    static void assertOneRound(Duration limit, Supplier<List<Answer>> round) {
        assertThat(Stream.generate(round).limit(ROUNDS)).as("a round within " + limit)
                .anyMatch(answers -> answers.stream().allMatch(answer -> answer.isWithin(limit)));
    }

    List<SignedDelivery> deliverInTime() {
        return deliverWithin(POLARS_TIMEOUT);
    }

    /// A tenth may come up to a second later: the machine may stall for a moment while the sender's clock goes on.
    ///
    /// @param usual how long an answer takes on this machine without an outage: in one, the service asks the broker and
    /// then the database
    static void assertAcknowledgedInTime(List<Answer> answers, Duration usual) {
        Duration limit = POLARS_TIMEOUT.plus(usual.multipliedBy(2));
        assertThat(answers).isNotEmpty().allMatch(answer -> answer.status() == 202);
        assertThat(answers).filteredOn(answer -> !answer.isWithin(limit)).as("later than " + limit)
                .hasSizeLessThanOrEqualTo(answers.size() / 10);
        assertThat(answers).filteredOn(answer -> !answer.isWithin(limit.plus(STALL))).as("much later").isEmpty();
    }

    /// A broker that has just come back is slow at first.
    void awaitQuickBroker() {
        await().atMost(TIMEOUT).until(() -> SteadyDeliveries.together(ingress, someDeliveries()).stream()
                .allMatch(answer -> answer.status() == 202 && answer.isWithin(Duration.ofMillis(500))));
    }

    SignedDelivery awaitAccepted() {
        return await().atMost(TIMEOUT).until(() -> {
            SignedDelivery delivery = someDeliveries().getFirst();
            return SteadyDeliveries.together(ingress, List.of(delivery)).getFirst().status() == 202 ? delivery : null;
        }, delivery -> delivery != null);
    }

    void awaitProjected(List<SignedDelivery> deliveries) {
        Object[] ids = {deliveries.stream().map(SignedDelivery::webhookId).toArray(String[]::new)};
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> database
                .number("SELECT count(*) FROM inbox WHERE webhook_id = ANY (?)", ids) == deliveries.size());
    }

    void awaitSpoolEmpty() {
        await().atMost(TIMEOUT).ignoreExceptions().until(() -> database.number("SELECT count(*) FROM spooled") == 0);
    }

    static long lines(PackagedService service, String text) {
        return service.output().lines().filter(line -> line.contains(text)).count();
    }

    static URI uri(PackagedService service) {
        return URI.create(service.baseUrl());
    }

    private Map<String, String> environment(String roles) {
        Map<String, String> environment = stack.environment();
        environment.put("POLAR_ROLES", roles);
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL",
                "postgresql://localhost:" + proxy.port() + "/" + EmbeddedPostgres.DATABASE);
        return environment;
    }

    @Override
    public void close() {
        ingress.close();
        others.close();
        proxy.close();
        stack.close();
    }
}
