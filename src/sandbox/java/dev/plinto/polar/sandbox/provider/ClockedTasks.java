package dev.plinto.polar.sandbox.provider;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Tasks that wait on a [SimulatedClock], each in a virtual thread, until this is closed.
public final class ClockedTasks {

    private final SimulatedClock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public ClockedTasks(SimulatedClock clock) {
        this.clock = clock;
    }

    /// Begins after this time, at once if it is zero.
    public void begin(Duration wait, Task task) {
        long turn = clock.begin();
        threads.execute(() -> {
            try {
                clock.sleep(turn, wait);
                task.run(turn);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } finally {
                clock.end();
            }
        });
    }

    /// Interrupts what waits. `release` unblocks the rest, for which this waits no longer than `patience`.
    public void close(Runnable release, Duration patience) {
        threads.shutdownNow();
        release.run();
        try {
            threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public interface Task {

        /// @param turn for [SimulatedClock#sleep]
        void run(long turn) throws InterruptedException;
    }
}
