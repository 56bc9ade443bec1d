package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Waiting on a real database, with the looks counted: each is one statement.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class AwaitPurchasesTest {

    private static final Database DATABASE = Database.ofSandbox();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Pool pool;
    @Inject
    RequestQueries queries;
    @Inject
    ReadLatePurchases late;
    @Inject
    InstantSource clock;

    private final String run = UUID.randomUUID().toString();
    private AwaitPurchases purchases;
    private final AtomicInteger looks = new AtomicInteger();

    @BeforeEach
    void open() {
        DATABASE.execute("""
                INSERT INTO checkouts (id, organization_id, status, created_at, said_at, said_by)
                SELECT ? || '-' || n, ? || '-' || n, 'open', now(), now(), 'test' FROM generate_series(0, 1000) AS n
                """, run, run);
    }

    @AfterEach
    void forget() {
        purchases.stop(new ShutdownEvent());
        DATABASE.execute("DELETE FROM checkouts WHERE id LIKE ?", run + "%");
    }

    @Test
    void looks_areFew_howeverManyWaitAndAreSignalled() {
        purchases = purchases();
        List<CompletableFuture<Purchase>> waiting = new ArrayList<>();
        for (int n = 0; n < 1_000; n++) {
            waiting.add(waitFor(open(n), 55));
        }
        await().atMost(PATIENCE).until(() -> looks.get() > 0 && listeners() > 0);
        int before = looks.get();

        waitFor(open(1_000), 4).join();
        assertThat(looks.get() - before).isBetween(1, 6);

        int quiet = looks.get();
        for (int n = 0; n < 200; n++) {
            DATABASE.execute("SELECT pg_notify('purchases', '')");
        }
        assertThat(looks.get() - quiet).isLessThan(100);

        DATABASE.execute("""
                WITH ended AS (UPDATE checkouts SET status = 'failed' WHERE id LIKE ?)
                SELECT pg_notify('outbox', '')
                """, run + "%");
        waiting.forEach(one -> assertThat(one.orTimeout(20, TimeUnit.SECONDS).join().status())
                .isEqualTo("failed"));
        int last = looks.get();
        await().atMost(PATIENCE).until(() -> listeners() == 0); // nobody waits
        assertThat(looks.get() - last).isLessThan(3);
    }

    @Test
    void withoutSignals_theChangeIsSeenSoonAfter() {
        purchases = purchases();
        CompletableFuture<Purchase> waiting = waitFor(open(1), 55);
        await().atMost(PATIENCE).until(() -> looks.get() > 0);

        DATABASE.execute("UPDATE checkouts SET status = 'failed' WHERE id LIKE ?", run + "%");

        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().status()).isEqualTo("failed");
    }

    /// Right after a look, which without a signal is the last one for two seconds. One of three tries suffices, since
    /// the machine may be busy.
    @Test
    void signal_isFollowedByALookAtOnce() {
        purchases = purchases();

        assertThat(IntStream.range(0, 3).mapToObj(this::timeAfterSignal)
                .anyMatch(time -> time.compareTo(Duration.ofSeconds(1)) < 0)).isTrue();
    }

    private Duration timeAfterSignal(int n) {
        CompletableFuture<Purchase> waiting = waitFor(open(n), 55);
        await().atMost(PATIENCE).until(() -> listeners() > 0);
        int before = looks.get();
        await().atMost(PATIENCE).until(() -> looks.get() > before);
        long began = System.nanoTime();
        DATABASE.execute("""
                WITH ended AS (UPDATE checkouts SET status = 'failed' WHERE id = ?) SELECT pg_notify('purchases', '')
                """, run + "-" + n);
        waiting.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void replicaThatStops_answersAtOnce() {
        purchases = purchases();
        CompletableFuture<Purchase> waiting = waitFor(open(1), 55);

        purchases.stop(new ShutdownEvent());

        assertThat(waiting).isDone();
        assertThat(waiting.join().status()).isEqualTo("open");
        assertThat(waitFor(open(2), 55)).isDone();
    }

    @Test
    void whoLeaves_makesRoom() {
        purchases = purchases();
        Purchase purchase = open(1);
        List<CompletableFuture<Purchase>> waiting = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            waiting.add(purchases.await(purchase, "one", Duration.ofSeconds(55)).subscribeAsCompletionStage());
        }
        assertThat(purchases.await(purchase, "one", Duration.ofSeconds(1)).subscribeAsCompletionStage())
                .isCompletedExceptionally();

        waiting.getFirst().cancel(true);

        assertThat(purchases.await(purchase, "one", Duration.ofMillis(100)).subscribeAsCompletionStage().join())
                .isNotNull();
    }

    private AwaitPurchases purchases() {
        return new AwaitPurchases(new PurchaseQueries(queries) {
            @Override
            Uni<Map<String, Purchase>> find(Set<String> checkoutIds) {
                looks.incrementAndGet();
                return super.find(checkoutIds);
            }
        }, late, clock, pool);
    }

    /// Each of an organization of its own.
    private CompletableFuture<Purchase> waitFor(Purchase purchase, int seconds) {
        return purchases.await(purchase, purchase.checkoutId(), Duration.ofSeconds(seconds))
                .subscribeAsCompletionStage();
    }

    private Purchase open(int n) {
        String id = run + "-" + n;
        return new Purchase(id, "open", id, null, null, null, null, null, null, null, false, null, Set.of(), Set.of());
    }

    /// How many connections listen for purchases, of this test's instance.
    private static long listeners() {
        return DATABASE.number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %purchases%'");
    }
}
