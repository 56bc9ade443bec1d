package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.ingress.IngressConfig;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic.NotDurable;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Where deliveries are kept that Kafka does not take: written means that PostgreSQL has committed it. [DrainSpool]
/// brings them to the raw topic later.
///
/// Deliveries share statements: what comes while two are under way goes with the next one. So a burst is written as
/// fast as single deliveries are, by few connections.
@ApplicationScoped
public class Spool {

    /// Counted from the receipt, and with a reserve: what the broker did not take of Polar's 2 s.
    private static final Duration PATIENCE = Duration.ofMillis(1_700);
    /// What is left of Polar's 2 s after the longest time-out of the broker.
    static final Duration LEAST_PATIENCE = Duration.ofMillis(700);

    private static final int STATEMENTS = 2;
    private static final int LARGEST_STATEMENT = 4 * 1024 * 1024;

    private final SpoolStore store;
    private final SpoolBacklog backlog;
    private final InstantSource clock;
    private final int mostWaiting;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    private static final class Waiting {

        private final RawEvent event;
        private final CompletableFuture<Void> written = new CompletableFuture<>();

        Waiting(RawEvent event) {
            this.event = event;
        }
    }

    Spool(SpoolStore store, SpoolBacklog backlog, InstantSource clock, IngressConfig config) {
        this.store = store;
        this.backlog = backlog;
        this.clock = clock;
        this.mostWaiting = config.ingress().maxInFlight();
    }

    /// Whether it takes deliveries, as far as is known: PostgreSQL answers, and there is room.
    public boolean isReady() {
        return backlog.pending().isPresent() && !backlog.isFull();
    }

    /// Completes when the event is durable; fails with [NotDurable] while Polar still waits.
    public Uni<Void> write(RawEvent event) {
        if (backlog.isFull()) {
            return Uni.createFrom().failure(new NotDurable("the spool is full (POLAR_INGRESS_SPOOL_MAX_EVENTS)", null));
        }
        Waiting one = new Waiting(event);
        if (!add(one)) {
            return Uni.createFrom().failure(new NotDurable("too many deliveries wait for PostgreSQL", null));
        }
        writeNext();
        Duration patience = patience(Duration.between(event.receivedAt(), clock.instant()));
        return Uni.createFrom().completionStage(one.written)
                .ifNoItem().after(patience).failWith(() -> new NotDurable("PostgreSQL does not answer", null))
                .onFailure(failure -> !(failure instanceof NotDurable))
                .transform(failure -> new NotDurable("PostgreSQL did not take it: " + failure.getMessage(), failure))
                .onFailure().invoke(() -> remove(one))
                .onItem().invoke(backlog::grew);
    }

    /// During an outage of the broker nearly all of Polar's 2 s are for PostgreSQL, since nobody waits for the broker.
    static Duration patience(Duration sinceReceipt) {
        Duration left = PATIENCE.minus(sinceReceipt);
        return Collections.max(List.of(LEAST_PATIENCE, Collections.min(List.of(PATIENCE, left))));
    }

    private void writeNext() {
        List<Waiting> together = take();
        if (together.isEmpty()) {
            return;
        }
        store.insert(together.stream().map(one -> one.event).toList()).onComplete(
                committed -> {
                    free();
                    together.forEach(one -> one.written.complete(null));
                },
                failure -> {
                    free();
                    together.forEach(one -> one.written.completeExceptionally(failure));
                });
    }

    private void free() {
        synchronized (waiting) {
            underWay--;
        }
        writeNext();
    }

    private boolean add(Waiting one) {
        synchronized (waiting) {
            return waiting.size() < mostWaiting && waiting.add(one);
        }
    }

    /// Nobody waits for it any more.
    private void remove(Waiting one) {
        synchronized (waiting) {
            waiting.remove(one);
        }
    }

    private List<Waiting> take() {
        synchronized (waiting) {
            List<Waiting> taken = new ArrayList<>();
            if (underWay < STATEMENTS) {
                for (long bytes = 0; bytes < LARGEST_STATEMENT
                        && !waiting.isEmpty(); bytes += taken.getLast().event.body().length) {
                    taken.add(waiting.remove());
                }
            }
            underWay += taken.isEmpty() ? 0 : 1;
            return taken;
        }
    }
}
