package dev.plinto.polar.access;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets a few tasks run at a time. The others wait; who came first goes first.
final class Turns {

    private final int most;
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private int running;

    /// @param most how many tasks run at a time
    Turns(int most) {
        this.most = most;
    }

    /// Begins the task when it is its turn. A task that is cancelled while it waits never begins.
    <T> Uni<T> take(Supplier<Uni<T>> task) {
        return Uni.createFrom().deferred(() -> {
            Turn turn = new Turn();
            return Uni.createFrom().<@Nullable Void>emitter(turn::request)
                    .chain(task::get)
                    .onTermination().invoke(turn::end);
        });
    }

    private final class Turn {

        private @Nullable UniEmitter<? super @Nullable Void> begin;

        private void request(UniEmitter<? super @Nullable Void> emitter) {
            begin = emitter;
            synchronized (Turns.this) {
                waiting.add(this);
            }
            beginNext();
        }

        private void end() {
            synchronized (Turns.this) {
                if (!waiting.remove(this)) {
                    running--;
                }
            }
            beginNext();
        }
    }

    private void beginNext() {
        Turn next;
        synchronized (this) {
            if (running == most || waiting.isEmpty()) {
                return;
            }
            next = waiting.remove();
            running++;
        }
        Objects.requireNonNull(next.begin).complete(null);
    }
}
