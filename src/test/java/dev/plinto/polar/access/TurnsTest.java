package dev.plinto.polar.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A task's name begins with the letter of its account.
class TurnsTest {

    private static final int MOST_WAITING = 20;

    private Turns turns = new Turns(2, MOST_WAITING, Duration.ofMinutes(1));
    private final Map<String, UniEmitter<? super String>> running = new TreeMap<>();
    private final List<String> answers = new CopyOnWriteArrayList<>();

    @Test
    void nextTask_beginsWhenOneEnds() {
        List.of("a", "b", "c", "d").forEach(this::request);
        assertThat(running).containsOnlyKeys("a", "b");

        running.remove("b").complete("b is done");
        assertThat(running).containsOnlyKeys("a", "c");

        running.remove("a").fail(new IllegalStateException("a has failed"));
        assertThat(running).containsOnlyKeys("c", "d");
        assertThat(answers).containsExactly("b is done", "a has failed");
    }

    @Test
    void accounts_areServedInRotation_eachInTheOrderOfItsRequests() {
        List.of("a1", "a2", "a3", "b1", "b2", "c1", "c2").forEach(this::request);
        assertThat(running).containsOnlyKeys("a1", "b1");

        end("a1", "c1"); // the account has not had a turn yet
        end("b1", "a2");
        end("c1", "b2");
        end("a2", "c2");
        end("b2", "a3");
    }

    @Test
    void account_hasOneTaskAtATime() {
        List.of("a1", "a2").forEach(this::request);
        assertThat(running).containsOnlyKeys("a1");

        request("b1");
        assertThat(running).containsOnlyKeys("a1", "b1");
        running.remove("b1").complete("");
        assertThat(running).containsOnlyKeys("a1");
        end("a1", "a2");
    }

    @Test
    void clientThatLeavesWhileItWaits_leavesTheQueue() {
        request("a1");
        request("b1");
        Cancellable only = request("c1");
        request("d1");
        Cancellable first = request("a2");
        request("a3");

        only.cancel();
        first.cancel();
        end("b1", "d1");
        end("a1", "a3");
        assertThat(answers).containsExactly("b1", "a1");
    }

    @Test
    void taskThatHasBegun_keepsItsTurnUntilItEnds_thoughItsClientLeaves() {
        Cancellable begun = request("a1");
        request("b1");
        request("c1");

        begun.cancel();
        assertThat(running).containsOnlyKeys("a1", "b1");

        end("a1", "c1");
        assertThat(answers).isEmpty();
    }

    @Test
    void taskThatHasBegun_keepsItsTurnUntilItEnds_thoughItsClientWaitsNoLonger() {
        turns = new Turns(1, MOST_WAITING, Duration.ofMillis(1));
        request("a1");
        request("b1");

        await().until(() -> answers.contains("The database does not answer"));
        assertThat(running).containsOnlyKeys("a1");

        end("a1", "b1");
    }

    @Test
    void requestBeyondTheLimitOfItsAccount_isRefused() {
        IntStream.rangeClosed(0, MOST_WAITING).forEach(n -> request("a" + n));
        assertThat(answers).isEmpty();

        request("a-more");
        request("b1");
        assertThat(answers).containsExactly("Too many requests about the account wait");
        assertThat(running).containsOnlyKeys("a0", "b1");

        end("a0", "a1");
        request("a-again");
        assertThat(answers).hasSize(2).last().isEqualTo("a0");
    }

    @Test
    void taskThatCannotBegin_givesItsTurnBack() {
        turns = new Turns(1, MOST_WAITING, Duration.ofMinutes(1));
        subscribe(turns.take("a", () -> {
            throw new IllegalStateException("a1 cannot begin");
        }));
        request("b1");

        assertThat(answers).containsExactly("a1 cannot begin");
        assertThat(running).containsOnlyKeys("b1");
    }

    private void end(String name, String next) {
        running.remove(name).complete(name);
        assertThat(running).containsKey(next).hasSizeLessThanOrEqualTo(2);
    }

    private Cancellable request(String name) {
        return subscribe(turns.take(name.substring(0, 1),
                () -> Uni.createFrom().<String>emitter(emitter -> running.put(name, emitter))));
    }

    private Cancellable subscribe(Uni<String> answer) {
        return answer.subscribe().with(answers::add, failure -> answers.add(failure.getMessage()));
    }
}
