package dev.plinto.polar.ops;

import dev.plinto.polar.access.Limit;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.caller.OperatorsOnly;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/// Lists what operators did, newest first, with a token of the role `ops`.
@Path("/api/v1/polar/ops/audit")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@OperatorsOnly
public class ReadAuditLog {

    private final AuditLog audit;

    ReadAuditLog(AuditLog audit) {
        this.audit = audit;
    }

    @GET
    public Uni<AuditLog.Page> list(@QueryParam("limit") String limit, @QueryParam("after") String after) {
        return audit.list(after, Limit.of(limit));
    }
}
