package dev.plinto.polar.access;

import dev.plinto.polar.Problem;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets a few tasks run at a time, and one of an account. The others wait: accounts take turns, and of an account who
/// came first goes first. A task that has begun keeps its turn until it ends, even if its client has left or was
/// answered meanwhile.
final class Turns {

    private final int most;
    private final int mostWaiting;
    private final Duration limit;
    /// By account; the one whose turn is next comes first.
    private final Map<String, Queue<Turn<?>>> waiting = new LinkedHashMap<>();
    private final Set<String> running = new HashSet<>();

    /// @param most        how many tasks run at a time
    /// @param mostWaiting how many wait of an account; others are refused with the problem `too-many-requests`
    /// @param limit       how long a client waits for a task that has begun
    Turns(int most, int mostWaiting, Duration limit) {
        this.most = most;
        this.mostWaiting = mostWaiting;
        this.limit = limit;
    }

    /// Begins the task when it is its turn; never if the client leaves before. The task must end by itself.
    <T> Uni<T> take(String account, Supplier<Uni<? extends T>> task) {
        return Uni.createFrom().emitter(client -> request(new Turn<>(account, task, client)));
    }

    private record Turn<T>(String account, Supplier<Uni<? extends T>> task, UniEmitter<? super T> client) {}

    private void request(Turn<?> turn) {
        synchronized (this) {
            Queue<Turn<?>> ofAccount = waiting.computeIfAbsent(turn.account, account -> new ArrayDeque<>());
            if (ofAccount.size() == mostWaiting) {
                turn.client.fail(tooMany());
                return;
            }
            ofAccount.add(turn);
        }
        turn.client.onTermination(() -> leave(turn));
        beginNext();
    }

    private synchronized void leave(Turn<?> turn) {
        waiting.computeIfPresent(turn.account,
                (account, queue) -> queue.remove(turn) && queue.isEmpty() ? null : queue);
    }

    private void beginNext() {
        Turn<?> next = next();
        if (next != null) {
            begin(next);
        }
    }

    private synchronized @Nullable Turn<?> next() {
        if (running.size() == most) {
            return null;
        }
        for (Queue<Turn<?>> ofAccount : waiting.values()) {
            Turn<?> first = ofAccount.element();
            if (running.add(first.account)) {
                leave(first);
                return first;
            }
        }
        return null;
    }

    private <T> void begin(Turn<T> turn) {
        Uni<T> ended = Uni.createFrom().deferred(turn.task).memoize().indefinitely();
        ended.ifNoItem().after(limit).failWith(Problem::databaseUnavailable)
                .subscribe().with(turn.client::complete, turn.client::fail);
        ended.subscribe().with(item -> end(turn), failure -> end(turn));
    }

    private void end(Turn<?> turn) {
        synchronized (this) {
            running.remove(turn.account);
            Queue<Turn<?>> ofAccount = waiting.remove(turn.account);
            if (ofAccount != null) {
                waiting.put(turn.account, ofAccount); // behind all others
            }
        }
        beginNext();
    }

    private static WebApplicationException tooMany() {
        Problem problem = new Problem("too-many-requests", 429, "Too many requests about the account wait",
                "Its explanations are made one after the other. Ask again when earlier requests are answered.");
        return new WebApplicationException(problem.title(),
                problem.responseBuilder().header(HttpHeaders.RETRY_AFTER, 5).build());
    }
}
