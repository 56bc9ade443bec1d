package dev.plinto.polar.access;

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

    /// What the source was asked, in order, and who waits for its answers.
    private final List<Set<String>> asked = new ArrayList<>();
    private final List<UniEmitter<? super Map<String, Integer>>> answers = new ArrayList<>();
    private final BatchLoader<Integer> loader = new BatchLoader<>(keys -> {
        asked.add(Set.copyOf(keys));
        return Uni.createFrom().emitter(answers::add);
    });

    @Test
    void firstQuestion_isAskedAtOnce() {
        var a = load("a");

        assertThat(asked).containsExactly(Set.of("a"));
        answers.getLast().complete(Map.of("a", 1));
        a.assertCompleted().assertItem(Optional.of(1));
    }

    @Test
    void thoseThatComeMeanwhile_areAskedTogether_eachKeyOnce() {
        load("a");
        var b = load("b");
        var c = load("c");
        var otherB = load("b");
        assertThat(asked).hasSize(1);

        answers.getLast().complete(Map.of("a", 1));
        assertThat(asked).containsExactly(Set.of("a"), Set.of("b", "c"));
        answers.getLast().complete(Map.of("b", 2));
        b.assertItem(Optional.of(2));
        otherB.assertItem(Optional.of(2));
        c.assertItem(Optional.empty());
    }

    @Test
    void noAnswer_isOlderThanItsQuestion() {
        load("a");
        var later = load("a");

        answers.getLast().complete(Map.of("a", 1));
        later.assertNotTerminated();
        answers.getLast().complete(Map.of("a", 2));
        later.assertItem(Optional.of(2));
    }

    @Test
    void failure_isOfThoseWhoWereAskedFor_andTheNextAreAsked() {
        var a = load("a");
        var b = load("b");

        answers.getLast().fail(new IllegalStateException("away"));
        a.assertFailedWith(IllegalStateException.class, "away");
        b.assertNotTerminated();
        answers.getLast().complete(Map.of("b", 2));
        b.assertItem(Optional.of(2));
    }

    @Test
    void afterAllIsAnswered_orFailed_theNextQuestionIsAskedAtOnce() {
        load("a");
        answers.getLast().complete(Map.of());
        load("b");
        answers.getLast().fail(new IllegalStateException("away"));
        load("c");

        assertThat(asked).containsExactly(Set.of("a"), Set.of("b"), Set.of("c"));
    }

    private UniAssertSubscriber<Optional<Integer>> load(String key) {
        return loader.load(key).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
