package dev.plinto.polar.sandbox.polar.live;

import dev.plinto.polar.reconcile.ReconcileConfig;
import dev.plinto.polar.reconcile.ReconcileWithPolar;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/// What the service does by itself after some time, and so must do when the sandbox's clock was moved: it reconciles
/// once, if its period has passed. Its own clock is not moved.
@Singleton
class ServiceSchedule {

    private static final Logger LOG = Logger.getLogger(ServiceSchedule.class);

    private final ReconcileWithPolar reconciliation;
    private final Duration period;
    private Duration sinceLast = Duration.ZERO;

    ServiceSchedule(ReconcileWithPolar reconciliation, ReconcileConfig config) {
        this.reconciliation = reconciliation;
        this.period = config.reconcile().period();
    }

    /// Does not wait for what it starts.
    synchronized void passed(Duration time) {
        sinceLast = sinceLast.plus(time);
        if (period.isZero() || sinceLast.compareTo(period) < 0) {
            return; // with a period of 0, runs start only on request
        }
        try {
            reconciliation.request();
            sinceLast = Duration.ZERO;
        } catch (RuntimeException databaseAway) {
            LOG.warnf("The sandbox's clock was moved, but reconciliation could not be requested: %s", databaseAway);
        }
    }
}
