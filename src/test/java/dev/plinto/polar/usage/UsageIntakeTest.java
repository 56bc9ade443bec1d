package dev.plinto.polar.usage;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static dev.plinto.polar.usage.UsageClient.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.usage.Outcome.Refused;
import dev.plinto.polar.usage.Outcome.Taken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that arrive at the same time, at one replica and at two.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class UsageIntakeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REQUESTS = 300;

    @TestHTTPResource("/")
    URI service;

    @Inject
    UsageIntake intake;

    @Inject
    UsageStore store;

    private UsageClient producer;

    @BeforeEach
    void know() {
        producer = new UsageClient(service);
    }

    @Test
    void requestsThatArriveAtTheSameTime_shareStatements() throws SQLException {
        List<CompletableFuture<Outcome>> requests = new ArrayList<>();
        whileNothingCanBeTaken(() -> IntStream.range(0, REQUESTS)
                .forEach(n -> requests.add(taking(intake, event("k" + n, 1)))));

        requests.forEach(request -> assertThat(request.join()).isEqualTo(new Taken(1, 0)));
        assertThat(producer.taken()).isEqualTo(REQUESTS);
        assertThat(producer.keys()).hasSize(REQUESTS);
        assertThat(producer.database.number("SELECT count(DISTINCT xmin::text) FROM usage_keys WHERE organization = ?",
                producer.organization)).as("transactions").isBetween(1L, 3L);
    }

    @Test
    void requestsOfOneStatement_areEachTakenOrRefusedByThemselves() throws SQLException {
        taking(intake, event("known", 5)).join();
        List<CompletableFuture<Outcome>> requests = new ArrayList<>();
        whileNothingCanBeTaken(() -> Stream.of(
                List.of(event("first", 1)),
                List.of(event("second", 1)),
                List.of(event("a", 1), event("known", 5), event("b", 1)),
                List.of(event("c", 1), event("known", 7)),
                List.of(event("d", 1), event("a", 1)),
                List.of(event("a", 2), event("e", 1)),
                List.of(event("f", 1), event("f", 1), event("a", 1), event("known", 5)),
                List.of(event("c", 1)))
                .forEach(events -> requests.add(taking(intake, events.toArray(UsageEvent[]::new)))));

        List<Outcome> outcomes = requests.stream().map(CompletableFuture::join).toList();
        assertThat(outcomes.get(2)).isEqualTo(new Taken(2, 1));
        assertRefused(outcomes.get(3), 1, 7, 5);
        assertThat(outcomes.get(4)).isEqualTo(new Taken(1, 1));
        assertRefused(outcomes.get(5), 0, 2, 1);
        assertThat(outcomes.get(6)).isEqualTo(new Taken(1, 3));
        assertThat(outcomes.get(7)).isEqualTo(new Taken(1, 0));
        assertThat(producer.keys()).containsExactly("a", "b", "c", "d", "f", "first", "known", "second");
    }

    @Test
    void concurrentCalls_areEachAnsweredWithTheirOwn() {
        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, REQUESTS)
                .mapToObj(
                        n -> producer.sending("{\"event_name\":\"api_call\",\"quantity\":%d,\"idempotency_key\":\"%d\"}"
                                .formatted(n / 3 % 2 == 0 ? 1 : 1 + n % 3, n / 3), producer.service()))
                .toList();

        for (int key = 0; key < REQUESTS / 3; key++) {
            List<HttpResponse<String>> same = calls.subList(3 * key, 3 * key + 3).stream()
                    .map(CompletableFuture::join).toList();
            if (key % 2 == 0) {
                assertThat(same.stream().map(answer -> counts(answer).getFirst()).reduce(0, Integer::sum)).isOne();
            } else {
                assertThat(same).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(202, 409, 409);
            }
        }
        assertThat(producer.keys()).hasSize(REQUESTS / 3);
    }

    @Test
    void twoReplicas_takeEachEventOnce() {
        List<UsageIntake> replicas = List.of(new UsageIntake(store), new UsageIntake(store));
        Random random = new Random(21);
        List<CompletableFuture<Outcome>> requests = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            List<UsageEvent> events = IntStream.range(0, 20)
                    .mapToObj(any -> event("k" + random.nextInt(500), 1)).collect(Collectors.toList());
            Collections.shuffle(events, random);
            requests.add(taking(replicas.get(n % 2), events.toArray(UsageEvent[]::new)));
        }

        int accepted = requests.stream().map(CompletableFuture::join).mapToInt(done -> ((Taken) done).accepted()).sum();
        assertThat(accepted).isEqualTo(producer.keys().size()).isEqualTo((int) producer.taken()).isGreaterThan(490);
    }

    /// The key is not there yet when the statement looks for it.
    @Test
    void keyThatAnotherReplicaTakesMeanwhile_counts() throws SQLException {
        try (Connection other = producer.database.connect(); Statement sql = other.createStatement()) {
            other.setAutoCommit(false);
            sql.execute("INSERT INTO usage_keys (organization, id, event_name, quantity) VALUES ('%s', '%s', '%s', 5)"
                    .formatted(producer.organization, event("k", 1).id().value(), "api_call"));
            CompletableFuture<Outcome> another = taking(intake, event("new", 1), event("k", 7));
            awaitBlocked(1);
            CompletableFuture<Outcome> same = taking(intake, event("k", 5), event("more", 1));
            other.commit();

            assertRefused(another.join(), 1, 7, 5);
            assertThat(same.join()).isEqualTo(new Taken(1, 1));
        }
        assertThat(producer.keys()).containsExactly("more");
    }

    @Test
    void databaseThatDoesNotAnswer_isToldInTime_andSendingAgainCountsOnce() throws SQLException {
        List<HttpResponse<String>> answers = new ArrayList<>();
        whileNothingCanBeTaken(() -> {
            long before = System.nanoTime();
            answers.add(send("k"));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(7));
        });

        assertProblem(answers.getFirst(), 503, "database-unavailable");
        assertThat(answers.getFirst().headers().firstValue("retry-after")).isPresent();
        assertThat(send("k").statusCode()).isEqualTo(202);
        assertThat(producer.keys()).containsExactly("k");
    }

    @Test
    void organizationThatFillsItsPart_isRefused_whileOthersFindRoom() throws SQLException {
        UsageClient other = new UsageClient(service);
        String thousand = IntStream.range(0, 1_000).mapToObj(n -> "{\"event_name\":\"e\"}")
                .collect(Collectors.joining(",", "{\"events\":[", "]}"));
        List<CompletableFuture<HttpResponse<String>>> flood = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
        whileNothingCanBeTaken(() -> {
            IntStream.range(0, 15).forEach(n -> flood.add(producer.sending(thousand, producer.service())));
            HttpResponse<?> refused = (HttpResponse<?>) CompletableFuture
                    .anyOf(flood.toArray(CompletableFuture[]::new)).join();
            assertThat(refused.statusCode()).isEqualTo(503);
            others.add(other.sending("{\"event_name\":\"e\"}", other.service()));
        });

        assertThat(others.getFirst().join().statusCode()).isEqualTo(202);
        List<HttpResponse<String>> answers = flood.stream().map(CompletableFuture::join).toList();
        assertThat(answers).extracting(HttpResponse::statusCode).contains(202).containsOnly(202, 503);
        HttpResponse<String> full = answers.stream().filter(answer -> answer.statusCode() == 503).findAny()
                .orElseThrow();
        assertProblem(full, 503, "usage-intake-full");
        assertThat(full.headers().firstValue("retry-after")).contains("2");
        assertThat(producer.taken()).isEqualTo(1_000L * answers.stream().filter(answer -> answer.statusCode() == 202)
                .count());
    }

    private static CompletableFuture<Outcome> taking(UsageIntake intake, UsageEvent... events) {
        return intake.take(List.of(events)).subscribeAsCompletionStage();
    }

    private HttpResponse<String> send(String key) {
        return producer.send("{\"event_name\":\"api_call\",\"idempotency_key\":\"" + key + "\"}", producer.service());
    }

    private UsageEvent event(String key, int quantity) {
        return new UsageEvent(producer.organization, UsageId.of(producer.organization, key), key, "api_call",
                BigDecimal.valueOf(quantity), null, Instant.now());
    }

    private static void assertRefused(Outcome outcome, int index, int quantity, int taken) {
        assertThat(outcome).isInstanceOf(Refused.class);
        assertThat(((Refused) outcome).reused()).singleElement().satisfies(reused -> {
            assertThat(reused.index()).isEqualTo(index);
            assertThat(reused.quantity()).isEqualByComparingTo(BigDecimal.valueOf(quantity));
            assertThat(reused.takenQuantity()).isEqualByComparingTo(BigDecimal.valueOf(taken));
        });
    }

    private void whileNothingCanBeTaken(Runnable action) throws SQLException {
        try (Connection lock = producer.database.connect(); Statement sql = lock.createStatement()) {
            lock.setAutoCommit(false);
            sql.execute("LOCK TABLE usage_keys IN SHARE MODE");
            action.run();
            lock.rollback();
        }
    }

    private void awaitBlocked(int statements) {
        await().atMost(PATIENCE).until(() -> producer.database.number(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%usage_keys%'"
                        + " AND query NOT LIKE '%pg_stat_activity%'"),
                blocked -> blocked == statements);
    }
}
