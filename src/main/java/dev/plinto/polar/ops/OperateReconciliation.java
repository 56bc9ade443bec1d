package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.billing.Caller;
import dev.plinto.polar.polar.PolarFailure;
import dev.plinto.polar.reconcile.ReconcileWithPolar;
import dev.plinto.polar.reconcile.ShowDrift;
import dev.plinto.polar.reconcile.Unsafe;
import io.quarkus.logging.Log;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/// Has what Polar says compared with what we hold, with a token of the role `ops`.
@Path("/api/v1/polar/ops/reconcile")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class OperateReconciliation {

    private final SecurityIdentity identity;
    private final ReconcileWithPolar reconciliation;
    private final ShowDrift drift;
    private final Roles roles;
    private final ReconciliationStore state;
    private final AuditLog audit;

    OperateReconciliation(SecurityIdentity identity, ReconcileWithPolar reconciliation, ShowDrift drift, Roles roles,
            ReconciliationStore state, AuditLog audit) {
        this.identity = identity;
        this.reconciliation = reconciliation;
        this.drift = drift;
        this.roles = roles;
        this.state = state;
        this.audit = audit;
    }

    /// How it stands, and its newest runs.
    @GET
    public Uni<ReconciliationStore.Standing> standing() {
        Caller.of(identity).requireOperator();
        return state.standing();
    }

    @JsonNaming(SnakeCaseStrategy.class)
    public record Requested(String requestedAt) {}

    /// What would be repaired.
    @JsonNaming(SnakeCaseStrategy.class)
    public record Drift(String asOf, Map<String, Integer> compared, List<ShowDrift.OfAccount> accounts) {}

    /// 202 at once, and a run begins on a replica with the role `reconcile`; with `dry_run` 200 with all that it would
    /// repair, as soon as all is compared.
    @POST
    @Blocking
    public Response reconcile(@Context HttpServerRequest request) throws InterruptedException {
        Actor actor = Actor.of(Caller.of(identity));
        KnownParameters.require(request, "dry_run");
        boolean dryRun = isDryRun(request.params().getAll("dry_run"));
        return dryRun ? Response.ok(show(actor, request)).build() : Response.accepted(request(actor)).build();
    }

    Requested request(Actor actor) throws InterruptedException {
        return audit.during(actor, AuditLog.Action.RECONCILE, null, this::request, requested -> "a run was asked for");
    }

    Drift show(Actor actor, HttpServerRequest request) throws InterruptedException {
        SlowAnswer.allow(request);
        return audit.during(actor, AuditLog.Action.RECONCILE_DRY_RUN, null, this::show,
                found -> Shown.count(found.accounts.size(), "account") + " that differ");
    }

    /// Strictly, since whoever writes it in another way means not to change anything.
    private static boolean isDryRun(List<String> values) {
        if (values.isEmpty() || values.equals(List.of("false"))) {
            return false;
        }
        if (values.equals(List.of("true"))) {
            return true;
        }
        throw new Problem("parameter-invalid", 400, "dry_run is neither true nor false",
                "Nothing was begun. Send dry_run=true, or leave the parameter out for a run that repairs.").exception();
    }

    private Requested request() {
        try {
            return new Requested(Rfc3339.format(reconciliation.request()));
        } catch (RuntimeException databaseAway) { // nothing else can fail
            Log.warnf("A run of reconciliation could not be asked for: %s", databaseAway.toString());
            throw Problem.databaseUnavailable();
        }
    }

    private Drift show() throws InterruptedException {
        if (!roles.include(Role.RECONCILE)) {
            throw new Problem("role-not-running", 404, "This replica does not run the role reconcile",
                    "A dry run needs POLAR_ACCESS_TOKEN: send it to a replica with the roles api and "
                            + "reconcile.").exception();
        }
        try {
            ShowDrift.Report report = drift.show();
            return new Drift(report.asOf(), report.compared(), report.accounts());
        } catch (Unsafe unsafe) {
            throw new Problem("reconciliation-unsafe", 409, "Too much is lacking at Polar to be believed",
                    unsafe.getMessage()).exception();
        } catch (PolarFailure failure) {
            throw PolarProblem.of(failure);
        } catch (RuntimeException databaseAway) {
            Log.warnf("A dry run of reconciliation broke off: %s", databaseAway.toString());
            throw Problem.databaseUnavailable();
        }
    }
}
