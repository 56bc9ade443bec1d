package dev.plinto.polar.telemetry;

import io.quarkus.logging.Log;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Makes the threads that work for as long as the service runs. What ends one of them is logged and remembered, since
/// nothing does its work any more: the replica is then no longer live (`ops.health.ThreadsLive`). Errors above all end
/// them, such as too little memory; each thread handles the exceptions that it expects.
public final class LastingThreads {

    /// Of this process, like its threads.
    private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

    /// A thread that is not started yet.
    public static Thread unstarted(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name)
                .uncaughtExceptionHandler((thread, failure) -> failed(name, failure))
                .unstarted(work);
    }

    /// One thread for scheduled tasks. A periodic task that fails is not run again.
    public static ScheduledExecutorService scheduler(String name) {
        return new Scheduler(name, Thread.ofPlatform().daemon().name(name).factory());
    }

    /// The names of those that failed since the service was started.
    public static SortedSet<String> failed() {
        return new TreeSet<>(FAILED);
    }

    /// Dev mode and tests start the service several times in a process.
    public static void forget() {
        FAILED.clear();
    }

    private static void failed(String name, Throwable failure) {
        FAILED.add(name); // before the log, which may lack memory, too
        Log.errorf(failure,
                "The thread \"%s\" has ended by a failure, and nothing does its work any more. Restart this "
                        + "replica; nothing is lost",
                name);
    }

    private static final class Scheduler extends ScheduledThreadPoolExecutor {

        private final String name;

        Scheduler(String name, ThreadFactory threads) {
            super(1, threads);
            this.name = name;
        }

        @Override
        protected void afterExecute(Runnable task, @Nullable Throwable failure) {
            super.afterExecute(task, failure);
            if (task instanceof Future<?> done && done.state() == Future.State.FAILED) {
                failed(name, done.exceptionNow());
            }
        }
    }

    private LastingThreads() {}
}
