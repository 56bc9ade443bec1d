package dev.plinto.polar.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.reconcile.Gateway.Answer;
import dev.plinto.polar.testing.PrometheusText;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Runs that are held up, break off, are taken over, or must not go on.
@QuarkusTest
@QuarkusTestResource(value = PolarStack.class, restrictToAnnotatedClass = true)
class InterruptedRunTest extends AgainstPolar {

    @Inject
    ReconcileStore store;

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
        assertThat(polar.gateway.asked()).noneMatch(request ->
                request.contains("/subscriptions/") && request.contains("page=1"));
        assertAsPolarSays();
        assertThat(more()).containsEntry("customer", 110.0).containsEntry("subscription", 110.0);
    }

    /// As one does that was suspended for longer than its lease.
    @Test
    void replicaThatLostItsLease_changesNothing() {
        Progress begun = Progress.begin(Instant.EPOCH, Instant.EPOCH);
        assertThat(store.lease("suspended", Duration.ofMinutes(1))).isTrue();
        store.begin("suspended", begun);
        assertThat(store.lease("another", Duration.ofMinutes(1))).isFalse();
        database.execute("UPDATE reconciliation SET expires_at = now() - interval '1 s'");
        assertThat(store.lease("another", Duration.ofMinutes(1))).isTrue();
        store.save("another", begun.nextPage());

        assertThatThrownBy(() -> store.save("suspended", begun)).isInstanceOf(ReconcileStore.LeaseLost.class);
        assertThatThrownBy(() -> store.succeed("suspended", true)).isInstanceOf(ReconcileStore.LeaseLost.class);
        assertThat(store.renew("suspended", Duration.ofMinutes(1))).isFalse();

        assertThat(store.unfinished().map(Progress::page)).contains(2);
        store.release("another");
        assertThat(store.renew("suspended", Duration.ofMinutes(1))).as("though nobody has it now").isFalse();
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
                    .filter(request -> request.contains("/customers/")).count() == runs && store.unfinished().isEmpty());
        }

        assertThat(liveGrants()).hasSize(live);
        assertThat(database.column("SELECT outcome FROM reconciliation_runs")).containsExactly("given_up", "given_up");
    }
}
