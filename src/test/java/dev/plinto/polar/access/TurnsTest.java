package dev.plinto.polar.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final Turns turns = new Turns(2);
    private final Map<String, UniEmitter<? super String>> running = new TreeMap<>();
    private final List<String> answers = new ArrayList<>();

    @Test
    void nextTask_beginsWhenOneEnds_inTheOrderOfRequests() {
        List.of("a", "b", "c", "d").forEach(this::request);
        assertThat(running).containsOnlyKeys("a", "b");

        running.remove("b").complete("b is done");
        assertThat(running).containsOnlyKeys("a", "c");

        running.remove("a").fail(new IllegalStateException("a has failed"));
        assertThat(running).containsOnlyKeys("c", "d");
        assertThat(answers).containsExactly("b is done", "a has failed");
    }

    @Test
    void cancelledTask_givesItsTurnToTheNext_andNeverBegins() {
        Cancellable first = request("a");
        request("b");
        Cancellable waiting = request("c");
        request("d");

        waiting.cancel();
        first.cancel();
        assertThat(running).containsOnlyKeys("a", "b", "d");

        request("e");
        assertThat(running).doesNotContainKeys("c", "e");
    }

    private Cancellable request(String name) {
        return turns.take(() -> Uni.createFrom().<String>emitter(emitter -> running.put(name, emitter)))
                .subscribe().with(answers::add, failure -> answers.add(failure.getMessage()));
    }
}
