package dev.plinto.polar.privacy;

import dev.plinto.polar.Flag;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.jspecify.annotations.Nullable;

/// Hands out what is held on an organization, and erases it.
@Path("/api/v1/polar/customer/data")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.EXPORT)
@Blocking
public class CustomerData {

    private static final Problem UNKNOWN = new Problem("erasure-unknown", 404, "There is no such erasure",
            "Send the erasure_id of one of the organization's erasures.");

    private final SecurityIdentity identity;
    private final CallCheck check;
    private final AuditLog audit;
    private final Exports exports;
    private final Erasures erasures;

    CustomerData(SecurityIdentity identity, CallCheck check, AuditLog audit, Exports exports,
            Erasures erasures) {
        this.identity = identity;
        this.check = check;
        this.audit = audit;
        this.exports = exports;
        this.erasures = erasures;
    }

    /// One document, streamed.
    @GET
    public Response export(@QueryParam("organization_id") String organizationId,
            @Context HttpServerRequest request) {
        Entry entry = entry(Action.EXPORT_DATA, organizationId);
        StreamingOutput body = out -> audit.record(entry,
                () -> exports.write(organizationId, out, request), Exports.Exported::inWords);
        return Response.ok(body).header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"customer-data.json\"").build();
    }

    /// 202 with the erasure, which goes on by itself; 200 with what would be erased for a dry run.
    @DELETE
    @Needs(Permission.ERASE)
    public Response erase(@QueryParam("organization_id") String organizationId,
            @QueryParam("cancel") @Nullable String cancel,
            @QueryParam("keep_at_provider") @Nullable String keepAtProvider,
            @QueryParam("dry_run") @Nullable String dryRun) {
        ErasureRequest request = new ErasureRequest(organizationId, flag("cancel", cancel),
                flag("keep_at_provider", keepAtProvider));
        if (flag("dry_run", dryRun)) {
            return Response.ok(erasures.plan(request)).build();
        }
        Entry entry = entry(Action.ERASE_DATA, organizationId);
        return Response.accepted(audit.record(entry, () -> erasures.accept(request),
                erasure -> "accepted as " + erasure.erasureId())).build();
    }

    @GET
    @Path("erasures/{erasure_id}")
    @Needs(value = Permission.EXPORT, organization = OrganizationIn.METHOD)
    public Erasure read(@PathParam("erasure_id") String id) {
        Erasure erasure = erasures.find(id).orElseThrow(UNKNOWN::exception);
        check.require(erasure.organizationId(), UNKNOWN);
        return erasure;
    }

    private Entry entry(Action action, String organization) {
        return new Entry(Actor.ofOrganization(Caller.of(identity)), action, organization, null, null, null, null);
    }

    private static boolean flag(String name, @Nullable String value) {
        return Flag.isTrue(name, value, "Nothing was done. Send true or false, or leave the parameter out.");
    }
}
