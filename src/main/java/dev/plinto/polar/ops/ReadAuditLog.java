package dev.plinto.polar.ops;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Limit;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.AuditSearch;
import dev.plinto.polar.audit.LoggedSeal;
import dev.plinto.polar.audit.RecordedActions;
import dev.plinto.polar.audit.Verification;
import dev.plinto.polar.audit.VerifyAuditLog;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lists what was done, newest first, and verifies that the record is whole; with a token of the role `ops`.
@Path("/api/v1/polar/ops/audit")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class ReadAuditLog {

    private final RecordedActions audit;
    private final VerifyAuditLog verify;

    ReadAuditLog(RecordedActions audit, VerifyAuditLog verify) {
        this.audit = audit;
        this.verify = verify;
    }

    @GET
    public Uni<RecordedActions.Page> list(@QueryParam("organization_id") @Nullable String organization,
            @QueryParam("actor") @Nullable String actor, @QueryParam("action") @Nullable String action,
            @QueryParam("target") @Nullable String target, @QueryParam("limit") String limit,
            @QueryParam("after") String after) {
        return audit.list(new AuditSearch(valid("organization_id", organization), valid("actor", actor),
                valid("action", action), valid("target", target)), after, Limit.of(limit));
    }

    private static @Nullable String valid(String name, @Nullable String value) {
        return value == null ? null : IdParameter.valid(name, List.of(value));
    }

    /// Reads the whole log, and goes on if the client does not wait.
    ///
    /// @param hour   of a seal as a line of the service's log has it, to compare; with `seal`, its SHA-256
    @GET
    @Path("verify")
    @Blocking
    public Verification verify(@Context HttpServerRequest request, @QueryParam("hour") @Nullable String hour,
            @QueryParam("seal") @Nullable String seal) {
        Optional<LoggedSeal> logged = logged(hour, seal);
        AllowSlowResponse.on(request);
        return verify.verify(logged);
    }

    private static Optional<LoggedSeal> logged(@Nullable String hour, @Nullable String seal) {
        if (hour == null && seal == null) {
            return Optional.empty();
        }
        if (hour == null || seal == null) {
            throw new Problem("parameter-missing", 400, "One of the query parameters hour and seal is missing",
                    "Send both as a line of the service's log has them: ?hour=2026-11-29T10:00:00Z&seal=…")
                    .exception();
        }
        return Optional.of(new LoggedSeal(EventSearch.time("hour", hour), seal));
    }
}
