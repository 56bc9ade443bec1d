package dev.plinto.polar.billing.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.ExactJson;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.ResultRow;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each test has an organization of its own. Time passes by moving the stored moments into the past. A crash is an
/// attempt of which nothing is heard any more.
@QuarkusTest
@Timeout(60)
@QuarkusTestResource(SandboxStack.class)
class IdempotentRequestsTest {

    private static final JsonNode BODY = json("{\"product_id\": \"pro\", \"seats\": 3}");
    /// Longer than any test, however slow the machine is.
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String CALL = "POST /api/v1/polar/checkout";

    private final Database database = Database.ofSandbox();
    private final String organization = UUID.randomUUID().toString();
    private final RequestIdentity keyed = new RequestIdentity("person usr_1", organization, CALL, Optional.of("key-1"));
    private final RequestIdentity clicked = new RequestIdentity("person usr_1", organization, CALL, Optional.empty());
    private final AtomicInteger done = new AtomicInteger();
    private final CompletableFuture<String> waiting = new CompletableFuture<>();

    @Inject
    IdempotentRequests inProduction;

    private IdempotentRequests requests;

    @Inject
    IdempotentRequestStore store;

    @Inject
    ForgetIdempotentRequests forgetting;

    @Inject
    Told told;

    @ApplicationScoped
    static class Told {

        private final List<ForgottenRequests.Begun> begun = new CopyOnWriteArrayList<>();

        void add(@Observes ForgottenRequests requests) {
            begun.addAll(requests.begun());
        }

        List<ForgottenRequests.Begun> begun() {
            return begun;
        }
    }

    @BeforeEach
    void lengthenWindow() {
        requests = new IdempotentRequests(store, new ObjectMapper(), WINDOW);
    }

    @Test
    void repetition_getsTheSameAnswer_andNothingIsDone() {
        Outcome first = once(keyed, BODY, this::buy);
        Outcome second = once(keyed, json("{\"seats\":3,\"product_id\":\"p\\u0072o\"}"), this::buy);

        assertThat(first.isRepeated()).isFalse();
        assertThat(second.isRepeated()).isTrue();
        assertThat(second.answer()).isEqualTo(first.answer()).isEqualTo(new Answer(201, "{\"checkout\":1}"));
        assertThat(done).hasValue(1);
    }

    @Test
    void anotherBody_isRefused() {
        once(keyed, BODY, this::buy);

        assertThat(problem(() -> once(keyed, json("{\"product_id\": \"pro\", \"seats\": 4}"), this::buy)))
                .isEqualTo("422 idempotency-key-reused");
        assertThat(done).hasValue(1);
    }

    @Test
    void sameKeyOfAnotherCaller_forAnotherOrganization_orAtAnotherCall_isAnotherRequest() {
        once(keyed, BODY, this::buy);
        once(new RequestIdentity("person usr_2", organization, CALL, keyed.key()), BODY, this::buy);
        once(new RequestIdentity("service usr_1", organization, CALL, keyed.key()), BODY, this::buy);
        once(new RequestIdentity("person usr_1", organization + "2", CALL, keyed.key()), BODY, this::buy);
        once(new RequestIdentity("person usr_1", organization, CALL + "/2", keyed.key()), BODY, this::buy);

        assertThat(done).hasValue(5);
    }

    @Test
    void hundredAtOnce_areDoneOnce_overTwoReplicas() throws Exception {
        IdempotentRequests another = new IdempotentRequests(store, new ObjectMapper(), WINDOW);
        List<Future<String>> sent = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 100).forEach(number -> sent.add(threads.submit(
                    () -> told(number % 2 == 0 ? requests : another, keyed))));
        }

        for (Future<String> told : sent) {
            assertThat(told.get()).isIn("201 {\"checkout\":1}", "409 request-in-progress");
        }
        assertThat(told(another, keyed)).isEqualTo("201 {\"checkout\":1}");
        assertThat(done).hasValue(1);
    }

    @Test
    void hundredClicksAtOnce_withoutKey_areDoneOnce() throws Exception {
        List<Future<String>> sent = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 100).forEach(number -> sent.add(threads.submit(() -> told(requests, clicked))));
        }

        for (Future<String> told : sent) {
            assertThat(told.get()).isIn("201 {\"checkout\":1}", "409 request-in-progress");
        }
        assertThat(done).hasValue(1);
    }

    @Test
    void equalRequestWithoutKey_isTheSameForASecond_andAnotherOneAfterwards() {
        once(clicked, BODY, this::buy);
        assertThat(once(clicked, BODY, this::buy).isRepeated()).isTrue();
        assertThat(once(clicked, json("{\"product_id\":\"pro\",\"seats\":4}"), this::buy).isRepeated()).isFalse();

        pass("10 minutes");

        assertThat(once(clicked, BODY, this::buy).answer().body()).isEqualTo("{\"checkout\":3}");
    }

    @Test
    void window_isNotCountedFromTheSecondClick() {
        once(clicked, BODY, this::buy);
        pass("9 minutes");
        assertThat(once(clicked, BODY, this::buy).isRepeated()).isTrue();

        pass("1 minute");

        assertThat(once(clicked, BODY, this::buy).isRepeated()).isFalse();
    }

    @Test
    void window_isASecond_fromTheMomentOfTheFirst() {
        once(inProduction, clicked, BODY, attempt -> Uni.createFrom().item(new Answer(200, "{}")));

        assertThat(database.column("SELECT round(extract(epoch FROM same_until - lease_until) + 60) "
                + "FROM idempotent_requests WHERE organization = ?", organization)).containsExactly("1");
    }

    /// The response says to come back after a second: then the request must still be the same.
    @Test
    void secondClick_whileTheFirstIsUnderWay_getsItsAnswerWhenItComesBack() {
        CompletableFuture<Answer> provider = new CompletableFuture<>();
        CompletableFuture<Outcome> first = start(clicked, attempt -> waitFor(provider));
        database.execute("UPDATE idempotent_requests SET same_until = clock_timestamp() WHERE organization = ?",
                organization); // its lease is not over

        assertThat(told(requests, clicked)).isEqualTo("409 request-in-progress");
        provider.complete(new Answer(201, "{}"));
        first.join();

        assertThat(once(clicked, BODY, this::buy).isRepeated()).isTrue();
    }

    /// The provider does what it was asked for, whoever still waits.
    @Test
    void senderThatLeaves_cancelsNeitherTheAnswerNorWhatIsRecordedWithIt() {
        CompletableFuture<Answer> provider = new CompletableFuture<>();
        long begun = database.number("SELECT nextval('audit_log_id_seq')");
        CompletableFuture<Cancellable> sender = new CompletableFuture<>();
        VertxContextSupport.subscribe(() -> requests.once(keyed, BODY, attempt -> {
            attempt.atEnd(new ResultRow(begun, "done"));
            return waitFor(provider);
        }).toMulti(), outcome -> sender.complete(outcome.with(answer -> {}, failure -> {})));
        waiting.join();

        sender.join().cancel();
        provider.complete(new Answer(201, "{}"));

        await().untilAsserted(() -> assertThat(once(keyed, BODY, this::buy))
                .isEqualTo(new Outcome(new Answer(201, "{}"), true)));
        assertThat(database.column("SELECT result FROM audit_log WHERE begun = ?", begun)).containsExactly("done");
    }

    @Test
    void requestUnderWay_saysWhenToComeBack() {
        start(keyed, attempt -> crash());

        assertThatThrownBy(() -> once(keyed, BODY, this::buy)).isInstanceOfSatisfying(WebApplicationException.class,
                refused -> assertThat(refused.getResponse().getHeaderString("Retry-After")).isEqualTo("1"));
    }

    @Test
    void crashBeforeAnythingWasBegun_isFollowedByAFirstAttempt() {
        start(keyed, attempt -> crash());
        assertThat(told(requests, keyed)).isEqualTo("409 request-in-progress");

        pass("1 minute");

        assertThat(once(keyed, BODY, this::kind).answer().body()).isEqualTo("\"first\"");
    }

    @Test
    void crashAfterSomethingWasBegun_isFollowedByAnAttemptThatKnowsIt() {
        start(keyed, attempt -> attempt.begin("customer").chain(() -> attempt.begin("checkout"))
                .chain(() -> crash()));
        assertThat(told(requests, keyed)).isEqualTo("409 request-in-progress");

        pass("1 minute");

        assertThat(once(keyed, BODY, this::kind).answer().body()).isEqualTo("\"resumed: checkout\"");
        assertThat(once(keyed, BODY, this::kind).isRepeated()).isTrue();
    }

    @Test
    void expiredLease_isTakenOverByOne() throws Exception {
        start(keyed, attempt -> attempt.begin("checkout").chain(() -> crash()));
        pass("1 minute");
        List<Future<String>> sent = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 50).forEach(number -> sent.add(threads.submit(() -> told(requests, keyed))));
        }

        for (Future<String> told : sent) {
            assertThat(told.get()).isIn("201 {\"checkout\":1}", "409 request-in-progress");
        }
        assertThat(done).hasValue(1);
    }

    @Test
    void attemptThatWasTakenOver_mayNotAct_andItsAnswerIsNotGiven() {
        CompletableFuture<String> continued = new CompletableFuture<>();
        CompletableFuture<Outcome> slow = start(keyed, attempt -> attempt.begin("checkout")
                .chain(() -> waitFor(continued))
                .chain(() -> attempt.begin("again"))
                .onItemOrFailure().transform((begun, failure) -> new Answer(201, failure == null ? "1" : "2")));
        pass("1 minute");
        once(keyed, BODY, this::kind);

        continued.complete("");

        assertThatThrownBy(slow::join).hasRootCauseMessage("the same request is being worked on");
        assertThat(once(keyed, BODY, this::kind).answer().body()).isEqualTo("\"resumed: checkout\"");
    }

    @Test
    void slowAttempt_keepsItsLeaseByWhatItBegins() {
        CompletableFuture<String> continued = new CompletableFuture<>();
        CompletableFuture<String> begunAgain = new CompletableFuture<>();
        start(keyed, attempt -> attempt.begin("customer").chain(() -> waitFor(continued))
                .chain(() -> attempt.begin("checkout")).invoke(() -> begunAgain.complete(""))
                .chain(() -> crash()));
        pass("50 seconds");
        continued.complete("");
        begunAgain.join();

        pass("50 seconds");

        assertThat(told(requests, keyed)).isEqualTo("409 request-in-progress");
    }

    @Test
    void problem_isAnAnswer() {
        Problem refused = new Problem("product-not-sold", 422, "It is not sold", "Choose another one.");

        assertThat(once(keyed, BODY, attempt -> Uni.createFrom().failure(refused.exception())).answer().status())
                .isEqualTo(422);
        Outcome repeated = once(keyed, BODY, this::buy);

        assertThat(repeated.isRepeated()).isTrue();
        assertThat(json(repeated.answer().body()).path("type").asText()).endsWith("product-not-sold");
        assertThat(repeated.answer().responseBuilder().build().getMediaType()).hasToString(Problem.MEDIA_TYPE);
    }

    @Test
    void answerThatAsksToTryAgain_isNotKept() {
        Response busy = new Problem("x", 409, "x", "x").responseBuilder().header("Retry-After", 5).build();
        for (RuntimeException failure : List.of(new Problem("x", 503, "x", "x").exception(),
                new Problem("x", 429, "x", "x").exception(), new WebApplicationException("x", busy),
                new IllegalStateException("x"))) {
            assertThatThrownBy(() -> once(keyed, BODY, attempt -> Uni.createFrom().failure(failure)))
                    .isSameAs(failure);
            assertThatThrownBy(() -> once(keyed, BODY, attempt -> {
                throw failure;
            })).isSameAs(failure);
        }
        assertThat(once(keyed, BODY, attempt -> Uni.createFrom().item(new Answer(502, "x"))).answer().status())
                .isEqualTo(502);

        assertThat(once(keyed, BODY, this::kind).answer().body()).isEqualTo("\"first\"");
    }

    @Test
    void failureAfterSomethingWasBegun_isFollowedAtOnceByAnAttemptThatKnowsIt_withTheSameBody() {
        RuntimeException silent = new Problem("provider-unavailable", 503, "x", "x").exception();
        assertThatThrownBy(() -> once(keyed, BODY,
                attempt -> attempt.begin("checkout").chain(() -> Uni.createFrom().failure(silent)))).isSameAs(silent);

        assertThat(problem(() -> once(keyed, json("{}"), this::kind))).isEqualTo("422 idempotency-key-reused");
        assertThat(once(keyed, BODY, this::kind).answer().body()).isEqualTo("\"resumed: checkout\"");
    }

    @Test
    void answerThatCannotBeStored_isNotGiven() {
        assertThatThrownBy(() -> once(keyed, BODY, attempt -> attempt.begin("checkout")
                .replaceWith(new Answer(201, "no text\0"))));

        assertThat(once(keyed, BODY, this::kind).answer().body()).isEqualTo("\"resumed: checkout\"");
    }

    @Test
    void noTransactionIsOpen_whileTheActionRuns() {
        once(keyed, BODY, attempt -> attempt.begin("checkout").map(begun -> {
            assertThat(database.column("SELECT query FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' "
                    + "AND query LIKE '%idempotent_requests%'")).isEmpty();
            return new Answer(200, "{}");
        }));
    }

    @Test
    void keyAndCaller_areNotStored() {
        once(keyed, BODY, this::buy);

        assertThat(database.rows("SELECT * FROM idempotent_requests WHERE organization = ?", organization).toString())
                .doesNotContain("usr_1", "key-1");
    }

    @Test
    void key_isKnownFor48Hours_andThenForgotten() {
        once(keyed, BODY, this::buy);
        pass("47 hours");
        forgetting.forget();
        assertThat(once(keyed, BODY, this::buy).isRepeated()).isTrue();

        pass("1 hour");

        assertThat(once(keyed, json("{}"), this::buy).isRepeated()).as("it is new, also before it is deleted")
                .isFalse();
        pass("48 hours");
        forgetting.forget();
        assertThat(rows()).isZero();
    }

    @Test
    void requestWithoutAnswer_isRememberedFor48Hours() {
        start(clicked, attempt -> attempt.begin("checkout").chain(() -> crash()));
        pass("48 hours");
        forgetting.forget();
        assertThat(rows()).isOne();

        pass("2 minutes");
        forgetting.forget();
        assertThat(rows()).isZero();
    }

    @Test
    void whatWasBegunAndIsForgotten_isToldOnce_withTheAnswer() {
        once(keyed, BODY, this::buy);
        start(clicked, attempt -> attempt.begin("lost").chain(() -> crash()));
        pass("49 hours");

        forgetting.forget();
        forgetting.forget();

        assertThat(told.begun()).contains(
                new ForgottenRequests.Begun(CALL, "checkout", new Answer(201, "{\"checkout\":1}")),
                new ForgottenRequests.Begun(CALL, "lost", null));
        assertThat(told.begun()).filteredOn(request -> request.begun().equals("lost")).hasSize(1);
    }

    @Test
    void allThatIsOver_isForgotten_howeverMuchItIs() {
        database.execute("""
                INSERT INTO idempotent_requests (id, organization, call, body_sha256, state, lease_until, same_until,
                                                 status, answer)
                SELECT gen_random_uuid(), ?, 'x', sha256('x'), 'answered', now(), now() - interval '1 s', 200, 'x'
                FROM generate_series(1, ?)
                """, organization, 2 * ForgetIdempotentRequests.SLICE + 1);

        forgetting.forget();

        assertThat(rows()).isZero();
    }

    private Uni<Answer> buy(Attempt attempt) {
        return attempt.begin("checkout").map(begun -> new Answer(201, "{\"checkout\":" + done.incrementAndGet() + "}"));
    }

    private Uni<Answer> kind(Attempt attempt) {
        return Uni.createFrom().item(new Answer(200, switch (attempt) {
            case Attempt.First first -> "\"first\"";
            case Attempt.Resumed resumed -> "\"resumed: " + resumed.progress() + "\"";
        }));
    }

    private Outcome once(RequestIdentity request, JsonNode body, Function<Attempt, Uni<Answer>> action) {
        return once(requests, request, body, action);
    }

    private static Outcome once(IdempotentRequests replica, RequestIdentity request, JsonNode body,
            Function<Attempt, Uni<Answer>> action) {
        try {
            return VertxContextSupport.subscribeAndAwait(() -> replica.once(request, body, action));
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Returns once the action waits.
    private CompletableFuture<Outcome> start(RequestIdentity request, Function<Attempt, Uni<Answer>> action) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(once(request, BODY, action));
            } catch (RuntimeException failure) {
                outcome.completeExceptionally(failure);
            }
        });
        waiting.join();
        return outcome;
    }

    /// A provider's answer that is not there yet.
    private <T> Uni<T> waitFor(CompletableFuture<T> answer) {
        return Uni.createFrom().deferred(() -> {
            waiting.complete("");
            return Uni.createFrom().completionStage(answer);
        });
    }

    private <T> Uni<T> crash() {
        return waitFor(new CompletableFuture<>());
    }

    private String told(IdempotentRequests replica, RequestIdentity request) {
        try {
            Answer answer = once(replica, request, BODY, this::buy).answer();
            return answer.status() + " " + answer.body();
        } catch (WebApplicationException refused) {
            return name(refused);
        }
    }

    private static String problem(Runnable refused) {
        try {
            refused.run();
        } catch (WebApplicationException problem) {
            return name(problem);
        }
        throw new AssertionError("it was not refused");
    }

    private static String name(WebApplicationException problem) {
        String type = ((Problem.Document) problem.getResponse().getEntity()).type();
        return problem.getResponse().getStatus() + type.replace("urn:plinto:polar:", " ");
    }

    private void pass(String time) {
        database.execute("UPDATE idempotent_requests SET lease_until = lease_until - ?::interval, "
                + "same_until = same_until - ?::interval WHERE organization = ?", time, time, organization);
    }

    private long rows() {
        return database.number("SELECT count(*) FROM idempotent_requests WHERE organization = ?", organization);
    }

    private static JsonNode json(String text) {
        try {
            return ExactJson.read(text);
        } catch (IOException failure) {
            throw new IllegalArgumentException(failure);
        }
    }
}
