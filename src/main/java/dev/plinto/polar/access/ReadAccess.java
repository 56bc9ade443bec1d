package dev.plinto.polar.access;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.Limit;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an organization may use and has subscribed to. Answered from this service's database, since Polar may be slow,
/// rate-limited or away.
@Path("/api/v1/polar")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.READ)
public class ReadAccess {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final AccessQueries queries;
    private final MemberAccess members;
    private final AccessHistory history;

    ReadAccess(AccessQueries queries, MemberAccess members, AccessHistory history) {
        this.queries = queries;
        this.members = members;
        this.history = history;
    }

    /// The same object as the newest message on `polar.entitlement.changed`; for one member, reduced to what counts for
    /// them.
    @GET
    @Path("entitlements")
    public Uni<String> entitlements(@QueryParam("organization_id") String organizationId,
            @QueryParam("user_id") @Nullable String userId, @QueryParam("member_id") @Nullable String memberId) {
        if (userId == null && memberId == null) {
            return queries.entitlements(organizationId);
        }
        return members.entitlements(organizationId, MemberAccess.Member.of(userId, memberId));
    }

    /// All live grants that give a benefit, of which the set lists the first.
    @GET
    @Path("entitlements/grants")
    public Uni<GrantPage> grants(@QueryParam("organization_id") String organizationId,
            @QueryParam("benefit_id") List<String> benefitIds, @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        return queries.grants(organizationId, IdParameter.valid("benefit_id", benefitIds),
                cursor == null ? "" : IdParameter.valid("cursor", List.of(cursor)), Limit.of(limit));
    }

    /// Each item is the same object as the newest message on `polar.subscription.changed`.
    @GET
    @Path("subscriptions")
    public Uni<String> subscriptions(@QueryParam("organization_id") String organizationId) {
        return queries.subscriptions(organizationId);
    }

    /// Why the organization has or does not have access, now or at a past moment.
    @GET
    @Path("entitlements/explain")
    @Needs(Permission.EXPLAIN)
    public Uni<Explanation> explain(@QueryParam("organization_id") String organizationId,
            @QueryParam("at") @Nullable String at) {
        return at == null ? history.explain(organizationId) : history.explain(organizationId, moment(at));
    }

    private static Instant moment(String at) {
        try {
            Instant moment = OffsetDateTime.parse(at).toInstant();
            if (!moment.isBefore(EARLIEST) && moment.isBefore(LATEST)) {
                return moment;
            }
        } catch (DateTimeException notATime) {
            // refused below
        }
        throw new Problem("parameter-invalid", 400, "The query parameter at is not a time",
                "Write a time from 2000 to 2199 as in RFC 3339, such as 2026-11-17T09:00:00Z; in a URL, + is %2B.")
                .exception();
    }
}
