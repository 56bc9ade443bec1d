package dev.plinto.polar.sandbox.polar.live;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.postgres.Statements;
import dev.plinto.polar.reconcile.ReconcileWithPolar;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/// In development, reconciliation runs on request only: it would end what was delivered by hand. A new sandbox has
/// nothing of that kind yet, and the service answers `not-ready` until it has read the simulated Polar's lists.
@Singleton
class ReadListsOfNewSandbox {

    private static final int AFTER_RECONCILIATION = 3500;

    void start(@Observes @Priority(AFTER_RECONCILIATION) StartupEvent event, ReconcileWithPolar reconciliation,
            Pool pool) {
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT
                && await(Statements.execute(pool, "SELECT FROM reconciliation_lists LIMIT 1")).rowCount() == 0) {
            reconciliation.request();
        }
    }
}
