package dev.plinto.polar.relay;

import dev.plinto.polar.postgres.Answers;
import dev.plinto.polar.postgres.Signals;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes the relay when a transaction on any replica commits messages (`NOTIFY outbox`). A signal may be lost with its
/// connection, so every wait has a limit.
@ApplicationScoped
class OutboxSignal {

    /// For a connection, which the pool gives within 4 s or never, and for an answer.
    private static final Duration LISTENING = Duration.ofSeconds(10);

    private final Semaphore woken = new Semaphore(0);
    private final Signals signals;

    OutboxSignal(Pool pool) {
        this.signals = new Signals(pool, List.of("outbox"), this::wake);
    }

    /// Returns at a signal, or after the timeout.
    void await(Duration timeout) throws InterruptedException {
        if (!signals.isListening()) {
            Answers.await(signals.listen(), LISTENING);
            return; // messages may have been committed before LISTEN
        }
        if (woken.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            woken.drainPermits(); // one read of the outbox serves all signals
        }
    }

    void stop() {
        signals.stop();
    }

    void wake() {
        woken.release();
    }
}
