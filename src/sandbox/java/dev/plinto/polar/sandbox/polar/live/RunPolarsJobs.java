package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/// Lets the sandbox's Polar do what is due, such as a late payment, also while nobody calls it.
@ApplicationScoped
class RunPolarsJobs {

    private static final Logger LOG = Logger.getLogger(RunPolarsJobs.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final SimulatedPolar polar;
    private long timer;

    RunPolarsJobs(Vertx vertx, SandboxPolar sandbox) {
        this.vertx = vertx;
        polar = sandbox.simulation();
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(PAUSE.toMillis(), now -> vertx.executeBlocking(this::run, false).onFailure(
                failure -> LOG.warn("The sandbox's Polar could not do what was due; it tries again", failure)));
    }

    @PreDestroy
    void stop() {
        vertx.cancelTimer(timer);
    }

    private Void run() {
        polar.exclusively(() -> polar.calendar().catchUp());
        return null;
    }
}
