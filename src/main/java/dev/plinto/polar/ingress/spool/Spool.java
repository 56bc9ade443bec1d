package dev.plinto.polar.ingress.spool;

import dev.plinto.polar.ingress.IngressConfig;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic.NotDurable;
import dev.plinto.polar.postgres.DatabaseAway;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Keeps deliveries that Kafka does not take; written means that PostgreSQL committed the row. [DrainSpool] publishes
/// them later.
///
/// Deliveries share statements: those that arrive while two statements run go into the next one. So few connections
/// write a burst as fast as single deliveries.
@ApplicationScoped
public class Spool {

    /// Counted from the receipt: Polar's 2 s less a reserve.
    private static final Duration MAX_TIMEOUT = Duration.ofMillis(1_700);
    /// The rest of Polar's 2 s after the longest timeout of the broker.
    static final Duration MIN_TIMEOUT = Duration.ofMillis(700);

    private static final int MAX_STATEMENTS = 2;
    private static final int MAX_STATEMENT_BYTES = 4 * 1024 * 1024;

    private final SpoolStore store;
    private final SpoolBacklog backlog;
    private final InstantSource clock;
    private final int maxWaiting;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int running;

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
        this.maxWaiting = config.ingress().maxInFlight();
    }

    /// Whether it can take deliveries, as of the last sample: PostgreSQL answers, and the spool has room.
    public boolean isReady() {
        return backlog.pending().isPresent() && !backlog.isFull();
    }

    /// Completes when the event is durable; fails with [NotDurable] within Polar's timeout.
    public Uni<Void> write(RawEvent event) {
        if (backlog.isFull()) {
            return Uni.createFrom()
                    .failure(new NotDurable("the spool is full, see POLAR_INGRESS_SPOOL_MAX_EVENTS", null));
        }
        Waiting delivery = new Waiting(event);
        if (!add(delivery)) {
            return Uni.createFrom().failure(new NotDurable("too many deliveries wait for PostgreSQL", null));
        }
        writeNext();
        Duration timeout = timeout(Duration.between(event.receivedAt(), clock.instant()));
        return Uni.createFrom().completionStage(delivery.written)
                .ifNoItem().after(timeout).failWith(() -> new NotDurable("PostgreSQL does not answer", null))
                .onFailure(failure -> !(failure instanceof NotDurable))
                .transform(Spool::notDurable)
                .onFailure().invoke(() -> remove(delivery))
                .onItem().invoke(backlog::grew);
    }

    /// During an outage of the broker, deliveries no longer wait for it: PostgreSQL has nearly all of Polar's 2 s.
    static Duration timeout(Duration sinceReceipt) {
        Duration left = MAX_TIMEOUT.minus(sinceReceipt);
        return Collections.max(List.of(MIN_TIMEOUT, Collections.min(List.of(MAX_TIMEOUT, left))));
    }

    private void writeNext() {
        List<Waiting> batch = takeBatch();
        if (batch.isEmpty()) {
            return;
        }
        insert(batch).onComplete(
                committed -> {
                    statementDone();
                    batch.forEach(delivery -> delivery.written.complete(null));
                },
                failure -> {
                    statementDone();
                    batch.forEach(delivery -> delivery.written.completeExceptionally(failure));
                });
    }

    /// Never throws: the deliveries would wait for nothing, and the next ones for their statement.
    private Future<?> insert(List<Waiting> batch) {
        try {
            return store.insert(batch.stream().map(delivery -> delivery.event).toList());
        } catch (RuntimeException fault) {
            return Future.failedFuture(fault);
        }
    }

    private static NotDurable notDurable(Throwable failure) {
        return new NotDurable((DatabaseAway.isCauseOf(failure)
                ? "PostgreSQL reports: "
                : "the spool cannot write it, by a fault of this service: ") + DatabaseAway.describe(failure), failure);
    }

    private void statementDone() {
        synchronized (waiting) {
            running--;
        }
        writeNext();
    }

    private boolean add(Waiting delivery) {
        synchronized (waiting) {
            return waiting.size() < maxWaiting && waiting.add(delivery);
        }
    }

    /// Its request failed, so it need not be written.
    private void remove(Waiting delivery) {
        synchronized (waiting) {
            waiting.remove(delivery);
        }
    }

    private List<Waiting> takeBatch() {
        synchronized (waiting) {
            List<Waiting> batch = new ArrayList<>();
            if (running < MAX_STATEMENTS) {
                for (long bytes = 0; bytes < MAX_STATEMENT_BYTES
                        && !waiting.isEmpty(); bytes += batch.getLast().event.body().length) {
                    batch.add(waiting.remove());
                }
            }
            running += batch.isEmpty() ? 0 : 1;
            return batch;
        }
    }
}
