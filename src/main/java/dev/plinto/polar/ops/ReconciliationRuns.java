package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.reconcile.ReconcileWithPolar;
import dev.plinto.polar.reconcile.ShowDrift;
import dev.plinto.polar.reconcile.TooMuchMissing;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/// Reconciliation for operators: its status, a run, and a dry run.
@ApplicationScoped
public class ReconciliationRuns {

    private final ReconcileWithPolar reconciliation;
    private final ShowDrift drift;
    private final Roles roles;
    private final ReconciliationQueries queries;
    private final AuditLog audit;

    ReconciliationRuns(ReconcileWithPolar reconciliation, ShowDrift drift, Roles roles, ReconciliationQueries queries,
            AuditLog audit) {
        this.reconciliation = reconciliation;
        this.drift = drift;
        this.roles = roles;
        this.queries = queries;
        this.audit = audit;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    public record Requested(String requestedAt) {}

    /// The repairs that a run would make.
    @JsonNaming(SnakeCaseStrategy.class)
    public record DriftReport(String asOf, Map<String, Integer> compared, List<ShowDrift.AccountDrift> accounts) {}

    public Uni<ReconciliationQueries.Status> status() {
        return queries.status();
    }

    /// Requests a run, which starts on a replica with the role `reconcile`. Blocks. Throws 503 `database-unavailable`.
    public Requested request(Actor actor) throws InterruptedException {
        return audit.record(Entry.of(actor, Action.RECONCILE, null, null), this::request, requested -> "run requested");
    }

    /// All repairs that a run would make. Blocks until everything is compared, which can take minutes. Throws 404
    /// `role-not-running`, 409 `reconciliation-unsafe`, 503 `polar-unavailable` or `database-unavailable`.
    public DriftReport dryRun(Actor actor) throws InterruptedException {
        return audit.record(Entry.of(actor, Action.RECONCILE_DRY_RUN, null, null), this::dryRun,
                found -> Format.count(found.accounts.size(), "account") + " with differences");
    }

    private Requested request() {
        try {
            return new Requested(Rfc3339.format(reconciliation.request()));
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Cannot request a run of reconciliation: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    private DriftReport dryRun() throws InterruptedException {
        if (!roles.include(Role.RECONCILE)) {
            throw new Problem("role-not-running", 404, "This replica does not run the role reconcile",
                    "A dry run needs POLAR_ACCESS_TOKEN: send the call to a replica with the roles api and "
                            + "reconcile.")
                    .exception();
        }
        try {
            ShowDrift.Report report = drift.show();
            return new DriftReport(report.asOf(), report.compared(), report.accounts());
        } catch (TooMuchMissing missing) {
            throw new Problem("reconciliation-unsafe", 409, "Too much is missing at Polar",
                    String.valueOf(missing.getMessage())).exception();
        } catch (PolarFailure failure) {
            throw PolarProblem.of(failure);
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("A dry run of reconciliation failed: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }
}
