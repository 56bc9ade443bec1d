package dev.plinto.polar.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.MadeBacklog;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.Size;
import dev.plinto.polar.testing.TokenIssuer;
import dev.plinto.polar.testing.TopicReader.Message;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Recovery from a lost database and from a lost Kafka cluster, as in docs/recovery.md. The tests run in order.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildIT {

    private static final int DELIVERIES = Size.of("polar.test.deliveries", 3_000, 8_000) / 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<MadeBacklog> BACKLOG = List.of(MadeBacklog.withLargeAccount(DELIVERIES, "rebuild"));

    private static OwnStack stack;
    private static TokenIssuer issuer;
    private static Map<String, String> environment;

    @BeforeAll
    static void start() {
        issuer = new TokenIssuer();
        stack = OwnStack.start();
        environment = stack.environment();
        environment.putAll(issuer.environment());
        environment.put("POLAR_ROLES", "ingress,projection,relay,api");
        try (PackagedService service = PackagedService.start(environment); RawTopicWriter writer = stack.writer()) {
            assertThat(service.isAlive()).isTrue();
            writer.write(BACKLOG.getFirst().records());
            endState().awaitDrained(PATIENCE).stateMatchesTheRules(BACKLOG);
        }
    }

    @AfterAll
    static void stop() {
        stack.close();
        issuer.close();
    }

    @Test
    @Order(1)
    void lostDatabase_isRebuiltFromTheRawTopic_withGrowingVersions() {
        Map<String, Long> before = newestVersions();
        stack.losePostgres();

        try (PackagedService service = PackagedService.start(environment)) {
            endState().awaitDrained(PATIENCE).everyEventIsInInboxOrParked(BACKLOG).versionsOnlyGrow()
                    .stateMatchesTheRules(BACKLOG);
            assertThat(service.output()).doesNotContain("ERROR");
        }
        assertThat(newestVersions()).allSatisfy((key, version) -> assertThat(version).isGreaterThan(before.get(key)));
    }

    @Test
    @Order(2)
    void lostCluster_getsCurrentStateAgain_andNewEventsContinue() throws Exception {
        stack.loseKafka();

        try (PackagedService service = PackagedService.start(environment); RawTopicWriter writer = stack.writer()) {
            assertThat(republish(service)).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> stack.database().number("SELECT count(*) FROM outbox") == 0);
            endState().newestMessagesMatchStoredState();

            MadeBacklog after = MadeBacklog.of(DELIVERIES / 4, "after");
            writer.write(after.records());
            endState().awaitDrained(PATIENCE).newestMessagesMatchStoredState()
                    .stateMatchesTheRules(List.of(BACKLOG.getFirst(), after));
            assertThat(service.output()).doesNotContain("ERROR");
        }
    }

    private static EndState endState() {
        return new EndState(stack.database(), stack.reader());
    }

    private static int republish(PackagedService service) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.baseUrl() + "/api/v1/polar/ops/republish"))
                .header("authorization", "Bearer " + issuer.operator())
                .POST(HttpRequest.BodyPublishers.noBody()).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static Map<String, Long> newestVersions() {
        Map<String, Long> newest = new HashMap<>();
        for (Message message : stack.reader().messages(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED)) {
            newest.put(message.topic() + "/" + message.key(), message.version());
        }
        return newest;
    }
}
