package dev.plinto.polar.access;

import dev.plinto.polar.Limit;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// What an organization may use and has subscribed to. Answered from this service's database, since Polar may be slow,
/// rate-limited or away.
@Path("/api/v1/polar")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
public class ReadAccess {

    private static final int MAX_ID_LENGTH = 500;

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final AccessQueries queries;
    private final AccessHistory history;
    private final SecurityIdentity identity;

    ReadAccess(AccessQueries queries, AccessHistory history, SecurityIdentity identity) {
        this.queries = queries;
        this.history = history;
        this.identity = identity;
    }

    /// The same object as the newest message on `polar.entitlement.changed`.
    @GET
    @Path("entitlements")
    public Uni<String> entitlements(@QueryParam("organization_id") @Nullable String organizationId) {
        return queries.entitlements(readable(organizationId));
    }

    /// All live grants that give a benefit, of which the set lists the first.
    @GET
    @Path("entitlements/grants")
    public Uni<GrantPage> grants(@Context HttpServerRequest request,
            @QueryParam("organization_id") @Nullable String organizationId,
            @QueryParam("benefit_id") @Nullable String benefitId, @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        requireValues(request, "cursor", "limit");
        return queries.grants(readable(organizationId), valid("benefit_id", benefitId),
                cursor == null ? "" : valid("cursor", cursor), Limit.of(limit));
    }

    /// Each item is the same object as the newest message on `polar.subscription.changed`.
    @GET
    @Path("subscriptions")
    public Uni<String> subscriptions(@QueryParam("organization_id") @Nullable String organizationId) {
        return queries.subscriptions(readable(organizationId));
    }

    /// Why the organization has or does not have access, now or at a past moment. Operators may read every
    /// organization.
    @GET
    @Path("entitlements/explain")
    public Uni<Explanation> explain(@Context HttpServerRequest request,
            @QueryParam("organization_id") @Nullable String organizationId,
            @QueryParam("at") @Nullable String at) {
        requireValues(request, "at");
        String id = valid("organization_id", organizationId);
        Caller.of(identity).requireReaderOrOperator(id);
        return at == null ? history.explain(id) : history.explain(id, moment(at));
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

    /// Of the parameters that may be left out. One that has no value comes from a script whose variable was empty;
    /// JAX-RS does not tell it from one that was left out.
    private static void requireValues(HttpServerRequest request, String... parameters) {
        for (String parameter : parameters) {
            if (request.params().getAll(parameter).stream().anyMatch(String::isBlank)) {
                throw Problem.parameterEmpty(parameter).exception();
            }
        }
    }

    private String readable(@Nullable String organizationId) {
        String id = valid("organization_id", organizationId);
        Caller.of(identity).requireReader(id);
        return id;
    }

    private static String valid(String parameter, @Nullable String id) {
        if (id == null || id.isBlank()) {
            throw new Problem("parameter-missing", 400, "The query parameter " + parameter + " is missing",
                    "Add it: ?" + parameter + "=…").exception();
        }
        if (id.length() > MAX_ID_LENGTH || id.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "The query parameter " + parameter + " is not an id",
                    "An id has at most " + MAX_ID_LENGTH + " characters and no control characters.").exception();
        }
        return id;
    }
}
