package dev.plinto.polar.postgres;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Batches loads: requests that arrive while a load is running wait for its end, and are then loaded together, so that
/// each costs less under load. A load always begins after its requests arrived, so no result is older than its request.
///
/// Each requesting thread has its own queue, so that no event loop waits for another.
public final class BatchLoader<T> {

    private final Function<Set<String>, Uni<Map<String, T>>> source;
    private final ThreadLocal<Queue> queues = ThreadLocal.withInitial(Queue::new);

    /// @param source loads some keys; its result omits unknown keys
    public BatchLoader(Function<Set<String>, Uni<Map<String, T>>> source) {
        this.source = source;
    }

    /// Empty if the source does not know the key; fails if the source fails.
    public Uni<Optional<T>> load(String key) {
        return Uni.createFrom().emitter(emitter -> queues.get().add(key, emitter));
    }

    private final class Queue {

        private Map<String, List<UniEmitter<? super Optional<T>>>> waiting = new HashMap<>();
        private boolean loading;

        void add(String key, UniEmitter<? super Optional<T>> emitter) {
            synchronized (this) {
                waiting.computeIfAbsent(key, first -> new ArrayList<>()).add(emitter);
                if (loading) {
                    return;
                }
                loading = true;
            }
            loadWaiting();
        }

        private void loadWaiting() {
            var batch = takeWaiting();
            if (!batch.isEmpty()) {
                Uni.createFrom().deferred(() -> source.apply(batch.keySet())).onTermination().invoke(this::loadWaiting)
                        .subscribe().with(
                                values -> batch.forEach((key, emitters) -> emitters.forEach(
                                        emitter -> emitter.complete(Optional.ofNullable(values.get(key))))),
                                failure -> batch.values().forEach(emitters -> emitters.forEach(
                                        emitter -> emitter.fail(failure))));
            }
        }

        private synchronized Map<String, List<UniEmitter<? super Optional<T>>>> takeWaiting() {
            var taken = waiting;
            waiting = new HashMap<>();
            loading = !taken.isEmpty();
            return taken;
        }
    }
}
