package dev.plinto.polar.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {

    /// The key sets that the source was asked for, in order, and the emitters of its results.
    private final List<Set<String>> loads = new ArrayList<>();
    private final List<UniEmitter<? super Map<String, Integer>>> results = new ArrayList<>();
    private final BatchLoader<Integer> loader = new BatchLoader<>(keys -> {
        loads.add(Set.copyOf(keys));
        return Uni.createFrom().emitter(results::add);
    });

    @Test
    void firstRequest_isLoadedAtOnce() {
        var a = load("a");

        assertThat(loads).containsExactly(Set.of("a"));
        results.getLast().complete(Map.of("a", 1));
        a.assertCompleted().assertItem(Optional.of(1));
    }

    @Test
    void requestsDuringALoad_areLoadedTogetherNext() {
        load("a");
        var b = load("b");
        var c = load("c");
        var otherB = load("b");
        assertThat(loads).hasSize(1);

        results.getLast().complete(Map.of("a", 1));
        assertThat(loads).containsExactly(Set.of("a"), Set.of("b", "c"));
        results.getLast().complete(Map.of("b", 2));
        b.assertItem(Optional.of(2));
        otherB.assertItem(Optional.of(2));
        c.assertItem(Optional.empty());
    }

    @Test
    void result_isNeverOlderThanItsRequest() {
        load("a");
        var later = load("a");

        results.getLast().complete(Map.of("a", 1));
        later.assertNotTerminated();
        results.getLast().complete(Map.of("a", 2));
        later.assertItem(Optional.of(2));
    }

    @Test
    void failure_affectsOnlyTheRequestsOfItsLoad() {
        var a = load("a");
        var b = load("b");

        results.getLast().fail(new IllegalStateException("away"));
        a.assertFailedWith(IllegalStateException.class, "away");
        b.assertNotTerminated();
        results.getLast().complete(Map.of("b", 2));
        b.assertItem(Optional.of(2));
    }

    @Test
    void idleLoader_loadsTheNextRequestAtOnce() {
        load("a");
        results.getLast().complete(Map.of());
        load("b");
        results.getLast().fail(new IllegalStateException("away"));
        load("c");

        assertThat(loads).containsExactly(Set.of("a"), Set.of("b"), Set.of("c"));
    }

    private UniAssertSubscriber<Optional<Integer>> load(String key) {
        return loader.load(key).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
