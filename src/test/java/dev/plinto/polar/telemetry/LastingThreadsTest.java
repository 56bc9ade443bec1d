package dev.plinto.polar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastingThreadsTest {

    @AfterEach
    void forget() {
        LastingThreads.forget();
    }

    @Test
    void threadThatEndsByAFailure_isNamed() throws InterruptedException {
        run("out of memory", () -> {
            throw new OutOfMemoryError("as a test says");
        });
        run("a bug", () -> {
            throw new IllegalStateException("as a test says");
        });
        run("done", () -> {});

        assertThat(LastingThreads.failed()).containsExactly("a bug", "out of memory");
    }

    @Test
    void scheduledTaskThatFails_isNamed() throws InterruptedException {
        try (ScheduledExecutorService scheduler = LastingThreads.scheduler("hourly")) {
            scheduler.schedule(() -> {}, 0, TimeUnit.MILLISECONDS);
            assertThat(LastingThreads.failed()).isEmpty();
            var failing = scheduler.scheduleAtFixedRate(() -> {
                throw new NoClassDefFoundError("as a test says");
            }, 0, 1, TimeUnit.MILLISECONDS);

            assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
        } // waits for what comes after the task

        assertThat(LastingThreads.failed()).containsExactly("hourly");
    }

    @Test
    void cancelledTask_isNoFailure() {
        try (ScheduledExecutorService scheduler = LastingThreads.scheduler("cancelled")) {
            scheduler.scheduleAtFixedRate(() -> {}, 0, 1, TimeUnit.MILLISECONDS).cancel(false);
        }

        assertThat(LastingThreads.failed()).isEmpty();
    }

    private static void run(String name, Runnable work) throws InterruptedException {
        Thread thread = LastingThreads.unstarted(name, work);
        thread.start();
        thread.join();
    }
}
