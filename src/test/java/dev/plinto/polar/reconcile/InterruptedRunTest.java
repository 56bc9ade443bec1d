package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.Lease;
import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.LoweredLimit;
import dev.plinto.polar.testing.PrometheusText;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Runs that are held up, break off, are taken over, or must not go on.
@QuarkusTest
@QuarkusTestResource(value = PolarStack.class, restrictToAnnotatedClass = true)
class InterruptedRunTest extends AgainstPolar {

    @Inject
    RunStore store;

    @Inject
    Pool pool;

    @Test
    void whileItsRateIsLimited_itWaitsAsLongAsPolarSays_andLosesNothing() throws Exception {
        polar.untold(() -> polar.buy("org-limited"));
        polar.pass(Duration.ofMinutes(5));
        AtomicInteger asked = new AtomicInteger();
        polar.gateway.answerInstead(path -> asked.incrementAndGet() % 3 == 0
                ? Optional.of(new Answer(429, Map.of("Retry-After", "1")))
                : Optional.empty());
        long began = System.nanoTime();

        reconcile();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
        assertAsPolarSays();
        assertThat(PrometheusText.of(service).value("polar_provider_requests_total", "operation=list_grants",
                "status=2xx")).isPositive();
    }

    /// Else another replica would ask what Polar has just asked not to be asked.
    @Test
    void whilePolarHasItWait_theRunKeepsItsLease() {
        AtomicInteger asked = new AtomicInteger();
        polar.gateway.answerInstead(path -> asked.incrementAndGet() == 1
                ? Optional.of(new Answer(429, Map.of("Retry-After", "3")))
                : Optional.empty());
        reconciliation.request();
        await().atMost(PATIENCE).until(() -> asked.get() == 1);
        String expires = "SELECT expires_at FROM reconciliation WHERE holder IS NOT NULL";
        List<String> before = database.column(expires);

        await().atMost(PATIENCE).until(() -> !database.column(expires).equals(before));

        assertThat(before).hasSize(1);
        assertThat(database.column(expires)).hasSize(1);
        assertThat(asked).hasValue(1);
        awaitRun();
    }

    @Test
    void runThatBrokeOff_goesOnAtItsPage() throws Exception {
        polar.untold(() -> {
            for (int i = 0; i < 110; i++) {
                polar.buy("org-" + i);
            }
        });
        polar.pass(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/subscriptions/") && path.contains("page=2")
                ? Optional.of(new Answer(502, Map.of()))
                : Optional.empty());
        reconciliation.request();
        await().atMost(PATIENCE).until(() -> polar.gateway.asked().stream()
                .filter(request -> request.contains("/subscriptions/") && request.contains("page=2")).count() > 1);
        assertThat(database.column("SELECT step || ' ' || page FROM reconciliation"))
                .containsExactly("listed_subscription 2");
        polar.gateway.takeAsked();

        polar.gateway.answerInstead(path -> Optional.empty());
        awaitRun();

        assertThat(polar.gateway.asked()).noneMatch(request -> request.contains("/customers/"));
        assertThat(polar.gateway.asked())
                .noneMatch(request -> request.contains("/subscriptions/") && request.contains("page=1"));
        assertAsPolarSays();
        assertThat(more()).containsEntry("customer", 110.0).containsEntry("subscription", 110.0);
    }

    @Test
    void deliveriesThatNoEndpointWasKnownFor_areLeftToTheNextRun_alsoByARunThatBrokeOff() throws Exception {
        List<WebhookEvent> lost = polar.lost(() -> polar.buy("org-unread"));
        polar.pass(Duration.ofMinutes(5));
        UUID second = polar.polar.exclusively(() -> polar.polar.webhooks().createEndpoint("http://127.0.0.1:1/",
                PlayedPolar.SECRET));
        polar.gateway.answerInstead(path -> path.contains("/subscriptions/")
                ? Optional.of(new Answer(502, Map.of()))
                : Optional.empty());
        reconciliation.request();
        await().atMost(PATIENCE).until(() -> polar.gateway.asked().stream()
                .anyMatch(request -> request.contains("/subscriptions/")));
        polar.polar.exclusively(() -> polar.polar.webhooks().deleteEndpoint(second));
        polar.gateway.answerInstead(path -> Optional.empty());
        awaitRun();

        assertThat(store.logReadUntil()).isEmpty();
        reconcile();

        assertThat(store.logReadUntil()).isPresent();
        assertThat(database.column("SELECT webhook_id FROM inbox WHERE origin = 'reconcile'"))
                .containsAll(lost.stream().map(WebhookEvent::webhookId).toList());
    }

    @Test
    void objectThatPolarDoesNotAnswerFor_isLeftOutAndNamed_andAllElseIsRepaired() throws Exception {
        polar.told(() -> List.of("org-stays", "org-failing", "org-gone").forEach(polar::buy));
        awaitProjected();
        UUID failing = polar.polar.customers().of("org-failing").getFirst();
        polar.untold(() -> {
            List.of("org-failing", "org-gone")
                    .forEach(gone -> polar.polar.customers().of(gone).forEach(polar.polar.customers()::delete));
            polar.buy("org-new");
        });
        polar.pass(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.endsWith("/customers/" + failing)
                ? Optional.of(new Answer(500, Map.of()))
                : Optional.empty());

        try (LogLines lines = LogLines.of(ReconcileWithPolar.class)) {
            reconciliation.request();
            await().atMost(PATIENCE).until(() -> store.unfinished().isEmpty() && !lines.lines().isEmpty());

            assertThat(lines.lines()).singleElement().asString()
                    .startsWith("WARN").contains("customer " + failing, "read_customer with status 500");
        }
        assertThat(database.column("SELECT external_id FROM customers WHERE deleted_at IS NULL"))
                .containsExactlyInAnyOrder("org-stays", "org-failing", "org-new");
        assertThat(liveGrants()).containsAll(polar.liveGrants());
        assertThat(database.number("SELECT count(*) FROM reconciliation WHERE succeeded_at >= started_at")).isZero();

        polar.gateway.answerInstead(path -> Optional.empty());
        reconcile();

        assertAsPolarSays();
    }

    /// Its ids are none that Polar could have.
    @Test
    void whatADeliveryMadeByHandTold_isEnded_andHoldsNothingUp() {
        polar.deliver(new WebhookEvent(UUID.randomUUID().toString(), "benefit_grant.created", Instant.EPOCH, """
                {"type": "benefit_grant.created", "timestamp": "2026-11-01T07:00:00Z", "data": {
                  "id": "grant-1", "customer_id": "customer-1", "benefit_id": "benefit-1", "is_granted": true,
                  "customer": {"id": "customer-1", "external_id": "org-2", "created_at": "2026-10-01T09:00:00Z"},
                  "benefit": {"id": "benefit-1", "type": "custom", "description": "Help by phone",
                              "metadata": {"feature": "phone"}, "created_at": "2026-10-01T09:00:00Z"}}}
                """.getBytes(StandardCharsets.UTF_8)));
        awaitProjected();
        assertThat(liveGrants()).containsExactly("grant-1");

        reconcile();

        assertAsPolarSays();
    }

    @Test
    void repairThatTheTopicRefuses_isLeftOut_andSaidWithWhatToDo() {
        polar.untold(() -> polar.buy("org-large"));
        polar.pass(Duration.ofMinutes(5));
        try (LogLines lines = LogLines.of(Repairs.class);
                var limit = new LoweredLimit(topics().bootstrapServers(), 200)) { // repairs come one by one
            assertThat(limit).isNotNull();

            reconcile();

            assertThat(lines.lines()).isNotEmpty().allSatisfy(
                    line -> assertThat(line).startsWith("ERROR Repair ").contains("Raise max.message.bytes"));
        }
        reconcile();

        assertAsPolarSays();
    }

    /// As one does that was suspended for longer than its lease.
    @Test
    void replicaThatLostItsLease_changesNothing() {
        Progress begun = Progress.begin(Instant.EPOCH, Instant.EPOCH);
        Lease suspended = lease();
        Lease another = lease();
        assertThat(suspended.take()).isTrue();
        store.begin(suspended.holder(), begun);
        assertThat(another.take()).isFalse();
        database.execute("UPDATE reconciliation SET expires_at = now() - interval '1 s', step = NULL"); // for nobody else
        assertThat(another.take()).isTrue();
        store.save(another.holder(), begun.nextPage());

        assertThatThrownBy(() -> store.save(suspended.holder(), begun)).isInstanceOf(RunStore.LeaseLost.class);
        assertThatThrownBy(() -> store.succeed(suspended.holder())).isInstanceOf(RunStore.LeaseLost.class);
        assertThat(suspended.renew()).isFalse();

        assertThat(store.unfinished().map(Progress::page)).contains(2);
        another.release();
        assertThat(suspended.renew()).as("though nobody has it now").isFalse();
    }

    private Lease lease() {
        return new Lease(pool, "reconciliation", Duration.ofMinutes(1), Answers.SILENCE);
    }

    /// By a token of it, where no organization is set: whose webhooks came tells.
    @Test
    void whatAnotherOrganizationHas_isNotTakenOver() {
        polar.told(() -> polar.buy("org-ours"));
        awaitProjected();
        polar.close();
        polar = new PlayedPolar(service, 5);
        polar.lost(() -> polar.buy("org-theirs"));
        polar.untold(() -> polar.buy("org-theirs-too"));
        polar.pass(Duration.ofMinutes(5));
        try (LogLines lines = LogLines.of(ReconcileWithPolar.class)) {
            reconciliation.request();
            await().atMost(PATIENCE).until(() -> !lines.lines().isEmpty());
            polar.polar.exclusively(() -> polar.polar.webhooks().deleteEndpoint(polar.endpoint));
            reconciliation.request(); // now without a delivery log
            await().atMost(PATIENCE).until(() -> polar.gateway.asked().stream()
                    .anyMatch(request -> request.contains("/customers/")) && store.unfinished().isEmpty());

            assertThat(lines.lines()).singleElement().asString().startsWith("WARN")
                    .contains("another organization at Polar than the one whose webhooks came here");
        }
        assertThat(database.column("SELECT external_id FROM customers")).containsExactly("org-ours");
        assertThat(database.number("SELECT count(*) FROM inbox WHERE origin = 'reconcile'")).isZero();
    }

    @Test
    void whereNearlyAllIsLacking_nothingIsEnded() throws Exception {
        polar.told(() -> {
            for (int i = 0; i < 31; i++) {
                polar.buy("org-" + i);
            }
        });
        awaitProjected();
        int live = liveGrants().size();
        assertThat(live).isGreaterThan(30);
        polar.close();
        polar = new PlayedPolar(service); // of another merchant
        polar.pass(Duration.ofDays(1));

        for (int run = 1; run <= 2; run++) { // each anew: what the one before has read was another merchant's
            int runs = run;
            reconciliation.request();
            await().atMost(PATIENCE).until(() -> polar.gateway.asked().stream()
                    .filter(request -> request.contains("/customers/")).count() == runs
                    && store.unfinished().isEmpty());
        }

        assertThat(liveGrants()).hasSize(live);
        assertThat(database.column("SELECT outcome FROM reconciliation_runs")).containsExactly("given_up", "given_up");
    }
}
