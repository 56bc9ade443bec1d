package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.postgres.Lease;
import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.LogLines;
import dev.plinto.polar.testing.LoweredLimit;
import dev.plinto.polar.testing.PrometheusText;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Runs that are delayed, break off, are resumed by another replica, or must stop.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(PolarStack.class)
class InterruptedRunTest extends AgainstPolar {

    @Inject
    RunStore store;

    @Inject
    Pool pool;

    @Test
    void rateLimitedRun_waitsForRetryAfter_andLosesNothing() throws Exception {
        polar.withoutEvents(() -> polar.buy("org-limited"));
        polar.advanceClock(Duration.ofMinutes(5));
        List<Long> requestedAt = new CopyOnWriteArrayList<>();
        polar.gateway.answerInstead(path -> {
            requestedAt.add(System.nanoTime());
            return requestedAt.size() % 3 == 0
                    ? Optional.of(new Answer(429, Map.of("Retry-After", requestedAt.size() == 3 ? "1" : "0")))
                    : Optional.empty();
        });

        reconcile();

        assertThat(requestedAt).as("of which every third was refused").hasSizeGreaterThanOrEqualTo(6);
        assertThat(Duration.ofNanos(requestedAt.get(3) - requestedAt.get(2))).isGreaterThan(Duration.ofSeconds(1));
        assertSameAsPolar();
        assertThat(PrometheusText.of(service).value("polar_provider_requests_total", "operation=list_grants",
                "provider=polar",
                "status=2xx")).isPositive();
    }

    /// Otherwise another replica would send requests during Polar's Retry-After.
    @Test
    void rateLimitedRun_keepsItsLease() {
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean renewed = new AtomicBoolean();
        polar.gateway.answerInstead(path -> {
            if (renewed.get()) {
                return Optional.empty();
            }
            refused.incrementAndGet();
            return Optional.of(new Answer(429, Map.of("Retry-After", "1")));
        });
        reconciliation.request();
        await().atMost(TIMEOUT).until(() -> refused.get() > 0);
        String expires = "SELECT expires_at FROM reconciliation WHERE holder IS NOT NULL";
        List<String> before = database.column(expires);

        await().atMost(TIMEOUT).until(() -> !database.column(expires).equals(before));

        assertThat(before).hasSize(1);
        assertThat(database.column(expires)).hasSize(1);
        assertThat(refused).as("no request was given up yet").hasValueLessThan(8);
        renewed.set(true);
        awaitRun();
    }

    @Test
    void runThatBrokeOff_resumesAtItsPage() throws Exception {
        polar.withoutEvents(() -> {
            for (int i = 0; i < 101; i++) { // a page has 100
                polar.buy("org-" + i);
            }
        });
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.contains("/subscriptions/") && path.contains("page=2")
                ? Optional.of(new Answer(502, Map.of()))
                : Optional.empty());
        reconciliation.request();
        await().atMost(TIMEOUT).until(() -> polar.gateway.requests().stream()
                .filter(request -> request.contains("/subscriptions/") && request.contains("page=2")).count() > 1);
        assertThat(database.column("SELECT step || ' ' || page FROM reconciliation"))
                .containsExactly("listed_subscription 2");
        polar.gateway.takeRequests();

        polar.gateway.answerInstead(path -> Optional.empty());
        awaitRun();

        assertThat(polar.gateway.requests()).noneMatch(request -> request.contains("/customers/?"));
        assertThat(polar.gateway.requests())
                .noneMatch(request -> request.contains("/subscriptions/") && request.contains("page=1"));
        assertSameAsPolar();
        assertThat(newRepairs()).containsEntry("customer", 101.0).containsEntry("subscription", 101.0);
    }

    /// Even if the endpoint becomes clear before the run is resumed.
    @Test
    void deliveriesOfAnUnclearEndpoint_areLeftToTheNextRun() throws Exception {
        List<WebhookEvent> lost = polar.lost(() -> polar.buy("org-unread"));
        polar.advanceClock(Duration.ofMinutes(5));
        UUID second = polar.polar.exclusively(() -> polar.polar.webhooks().createEndpoint("http://127.0.0.1:1/",
                PlayedPolar.SECRET));
        polar.gateway.answerInstead(path -> path.contains("/subscriptions/")
                ? Optional.of(new Answer(502, Map.of()))
                : Optional.empty());
        reconciliation.request();
        await().atMost(TIMEOUT).until(() -> polar.gateway.requests().stream()
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
    void objectThatPolarDoesNotAnswerFor_isSkipped_andAllOthersAreRepaired() throws Exception {
        polar.delivered(() -> {
            polar.buy("org-stays");
            List.of("org-failing", "org-gone").forEach(polar.polar.customers()::create);
        });
        awaitProjected();
        UUID failing = polar.polar.customers().of("org-failing").getFirst();
        polar.withoutEvents(() -> {
            List.of("org-failing", "org-gone")
                    .forEach(gone -> polar.polar.customers().of(gone).forEach(polar.polar.customers()::delete));
            polar.buy("org-new");
        });
        polar.advanceClock(Duration.ofMinutes(5));
        polar.gateway.answerInstead(path -> path.endsWith("/customers/" + failing)
                ? Optional.of(new Answer(500, Map.of()))
                : Optional.empty());

        try (LogLines lines = LogLines.of(ReconcileWithPolar.class)) {
            reconciliation.request();
            await().atMost(TIMEOUT).until(() -> store.unfinishedRun().isEmpty() && !lines.lines().isEmpty());

            assertThat(lines.lines()).singleElement().asString()
                    .startsWith("WARN").contains("customer " + failing, "read_customer with status 500");
        }
        assertThat(database.column("SELECT external_id FROM customers WHERE deleted_at IS NULL"))
                .containsExactlyInAnyOrder("org-stays", "org-failing", "org-gone", "org-new");
        assertThat(liveGrants()).containsAll(polar.liveGrants());
        assertThat(database.number("SELECT count(*) FROM reconciliation WHERE succeeded_at >= started_at")).isZero();

        polar.gateway.answerInstead(path -> Optional.empty());
        timePasses(PolarStack.GONE_AFTER);
        reconcile();

        assertThat(database.column("SELECT external_id FROM customers WHERE deleted_at IS NULL"))
                .as("the other one was found missing for the first time")
                .containsExactlyInAnyOrder("org-stays", "org-failing", "org-new");
        timePasses(PolarStack.GONE_AFTER);
        reconcile();

        assertSameAsPolar();
    }

    /// Polar refuses its ids as malformed.
    @Test
    void objectOfAHandMadeDelivery_isEnded_andBlocksNothing() {
        polar.delivered(() -> polar.buy("org-real"));
        polar.deliver(new WebhookEvent(UUID.randomUUID().toString(), "benefit_grant.created", Instant.EPOCH, """
                {"type": "benefit_grant.created", "timestamp": "2026-11-01T07:00:00Z", "data": {
                  "id": "grant-1", "customer_id": "customer-1", "benefit_id": "benefit-1", "is_granted": true,
                  "customer": {"id": "customer-1", "external_id": "org-2", "created_at": "2026-10-01T09:00:00Z"},
                  "benefit": {"id": "benefit-1", "type": "custom", "description": "Help by phone",
                              "metadata": {"feature": "phone"}, "created_at": "2026-10-01T09:00:00Z"}}}
                """.getBytes(StandardCharsets.UTF_8)));
        awaitProjected();
        assertThat(liveGrants()).contains("grant-1");

        reconcile();
        timePasses(PolarStack.GONE_AFTER);
        reconcile();

        assertSameAsPolar();
    }

    @Test
    void repairThatTheTopicRefuses_isSkippedAndLogged() {
        polar.withoutEvents(() -> polar.buy("org-large"));
        polar.advanceClock(Duration.ofMinutes(5));
        try (LogLines lines = LogLines.of(Repairs.class);
                var limit = new LoweredLimit(topics().bootstrapServers(), 200)) { // repairs come one by one
            assertThat(limit).isNotNull();

            reconcile();

            assertThat(lines.lines()).isNotEmpty().allSatisfy(
                    line -> assertThat(line).startsWith("ERROR Repair ").contains("Raise max.message.bytes"));
        }
        reconcile();

        assertSameAsPolar();
    }

    /// Such as a replica that was suspended for longer than its lease lasts.
    @Test
    void replicaThatLostItsLease_changesNothing() {
        Progress begun = Progress.begin(Instant.EPOCH, Instant.EPOCH);
        Lease suspended = lease();
        Lease another = lease();
        assertThat(suspended.take()).isTrue();
        store.begin(suspended.holder(), begun);
        assertThat(another.take()).isFalse();
        database.execute("UPDATE reconciliation SET expires_at = now() - interval '1 s', step = NULL");
        assertThat(another.take()).isTrue();
        store.save(another.holder(), begun.nextPage());

        assertThatThrownBy(() -> store.save(suspended.holder(), begun)).isInstanceOf(RunStore.LeaseLost.class);
        assertThatThrownBy(() -> store.succeed(suspended.holder())).isInstanceOf(RunStore.LeaseLost.class);
        assertThat(suspended.renew().join()).isFalse();

        assertThat(store.unfinishedRun().map(Progress::page)).contains(2);
        another.release();
        assertThat(another.renew().join()).as("a released lease is not renewed, by a renewal that comes late")
                .isFalse();
        assertThat(suspended.renew().join()).isFalse();
        assertThat(suspended.take()).isTrue();
        suspended.release();
    }

    private Lease lease() {
        return new Lease(pool, "reconciliation", Duration.ofMinutes(1));
    }

    /// No organization is configured, so the received webhooks decide.
    @Test
    void objectsOfAnotherOrganization_areNotImported() {
        polar.delivered(() -> polar.buy("org-ours"));
        awaitProjected();
        polar.close();
        polar = new PlayedPolar(service, 5);
        polar.lost(() -> polar.buy("org-theirs"));
        polar.withoutEvents(() -> polar.buy("org-theirs-too"));
        polar.advanceClock(Duration.ofMinutes(5));
        try (LogLines lines = LogLines.of(ReconcileWithPolar.class)) {
            reconciliation.request();
            await().atMost(TIMEOUT).until(() -> !lines.lines().isEmpty());
            polar.polar.exclusively(() -> polar.polar.webhooks().deleteEndpoint(polar.endpoint));
            reconciliation.request(); // now without a delivery log
            await().atMost(TIMEOUT).until(() -> polar.gateway.requests().stream()
                    .anyMatch(request -> request.contains("/customers/")) && store.unfinishedRun().isEmpty());

            assertThat(lines.lines()).singleElement().asString().startsWith("WARN")
                    .contains("another organization at Polar than the received webhooks");
        }
        assertThat(database.column("SELECT external_id FROM customers")).containsExactly("org-ours");
        assertThat(database.number("SELECT count(*) FROM inbox WHERE origin = 'reconcile'")).isZero();
    }

    @Test
    void runThatMissesNearlyEverything_endsNothing() throws Exception {
        polar.delivered(() -> {
            for (int i = 0; i < 31; i++) {
                polar.buy("org-" + i);
            }
        });
        awaitProjected();
        int live = liveGrants().size();
        assertThat(live).isGreaterThan(30);
        polar.close();
        polar = new PlayedPolar(service); // another merchant's
        polar.advanceClock(Duration.ofDays(1));

        for (int run = 1; run <= 2; run++) { // each starts anew and lists customers again
            int expected = run;
            reconciliation.request();
            await().atMost(TIMEOUT).until(() -> polar.gateway.requests().stream()
                    .filter(request -> request.contains("/customers/")).count() == expected
                    && store.unfinishedRun().isEmpty());
        }

        assertThat(liveGrants()).hasSize(live);
        assertThat(database.column("SELECT outcome FROM reconciliation_runs")).containsExactly("given_up", "given_up");
    }
}
