package dev.plinto.polar.ops.health;

import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.SortedSet;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// Up unless a thread that should work for as long as the service runs has ended by a failure.
@Liveness
@ApplicationScoped
class ThreadsLive implements HealthCheck {

    private static final int BEFORE_THREADS_START = 1;

    void start(@Observes @Priority(BEFORE_THREADS_START) StartupEvent event) {
        LastingThreads.forget();
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("threads");
        SortedSet<String> failed = LastingThreads.failed();
        return failed.isEmpty()
                ? answer.up().build()
                : answer.down()
                        .withData("what",
                                "Threads have ended by a failure, and nothing does their work any more: "
                                        + String.join(", ", failed)
                                        + ". The log has the cause. Restart this replica; nothing is lost.")
                        .build();
    }
}
