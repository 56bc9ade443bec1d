package dev.plinto.polar.access;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Questions that come while one is being answered wait for its answer, and are then asked together: the more of them
/// there are, the less each costs. A question is always asked after it came, so no answer is older than its request.
///
/// Each thread that asks has a queue of its own, so that an event loop never waits for another.
final class BatchLoader<T> {

    private final Function<Set<String>, Uni<Map<String, T>>> source;
    private final ThreadLocal<Queue> queues = ThreadLocal.withInitial(Queue::new);

    /// @param source asked for some keys, answers without those that it does not know
    BatchLoader(Function<Set<String>, Uni<Map<String, T>>> source) {
        this.source = source;
    }

    /// Empty where the source does not know the key; fails as the source does.
    Uni<Optional<T>> load(String key) {
        return Uni.createFrom().emitter(emitter -> queues.get().add(key, emitter));
    }

    private final class Queue {

        private Map<String, List<UniEmitter<? super Optional<T>>>> waiting = new HashMap<>();
        private boolean asking;

        void add(String key, UniEmitter<? super Optional<T>> emitter) {
            synchronized (this) {
                waiting.computeIfAbsent(key, first -> new ArrayList<>()).add(emitter);
                if (asking) {
                    return;
                }
                asking = true;
            }
            askForAll();
        }

        private void askForAll() {
            var asked = take();
            if (!asked.isEmpty()) {
                source.apply(asked.keySet()).onTermination().invoke(this::askForAll).subscribe().with(
                        answers -> asked.forEach((key, emitters) -> emitters.forEach(
                                emitter -> emitter.complete(Optional.ofNullable(answers.get(key))))),
                        failure -> asked.values().forEach(emitters -> emitters.forEach(
                                emitter -> emitter.fail(failure))));
            }
        }

        private synchronized Map<String, List<UniEmitter<? super Optional<T>>>> take() {
            var taken = waiting;
            waiting = new HashMap<>();
            asking = !taken.isEmpty();
            return taken;
        }
    }
}
