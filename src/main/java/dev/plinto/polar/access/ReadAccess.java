package dev.plinto.polar.access;

import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/// What an organization may use and has subscribed to, from our own database: Polar may be slow, limited or away.
@Path("/api/v1/polar")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class ReadAccess {

    private static final int LONGEST_ID = 500;

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final AccessQueries queries;
    private final AccessHistory history;
    private final SecurityIdentity identity;
    private final InstantSource clock;

    ReadAccess(AccessQueries queries, AccessHistory history, SecurityIdentity identity, InstantSource clock) {
        this.queries = queries;
        this.history = history;
        this.identity = identity;
        this.clock = clock;
    }

    /// The same object as the newest message on `polar.entitlement.changed`.
    @GET
    @Path("entitlements")
    public Uni<String> entitlements(@QueryParam("organization_id") String organizationId) {
        requireReadable(organizationId);
        return queries.entitlements(organizationId);
    }

    /// Each item the same object as the newest message on `polar.subscription.changed`.
    @GET
    @Path("subscriptions")
    public Uni<String> subscriptions(@QueryParam("organization_id") String organizationId) {
        requireReadable(organizationId);
        return queries.subscriptions(organizationId);
    }

    /// Why it may or may not use what it asks for, as had been decided by a moment. Operators may ask about anybody.
    @GET
    @Path("entitlements/explain")
    public Uni<Explanation> explain(@QueryParam("organization_id") String organizationId, @QueryParam("at") String at) {
        requireId(organizationId);
        Caller.of(identity).requireReaderOrOperator(organizationId);
        return history.explain(organizationId, at == null ? clock.instant() : moment(at));
    }

    private static Instant moment(String at) {
        try {
            Instant moment = OffsetDateTime.parse(at).toInstant();
            if (!moment.isBefore(EARLIEST) && moment.isBefore(LATEST)) {
                return moment;
            }
        } catch (DateTimeException noTime) {
            // said below
        }
        throw new Problem("parameter-invalid", 400, "The query parameter at is no time",
                "A time is written as in RFC 3339, such as 2026-11-17T09:00:00Z; a + in a URL is written %2B.")
                .exception();
    }

    private void requireReadable(String organizationId) {
        requireId(organizationId);
        Caller.of(identity).requireReader(organizationId);
    }

    private static void requireId(String organizationId) {
        if (organizationId == null || organizationId.isBlank()) {
            throw new Problem("parameter-missing", 400, "The query parameter organization_id is missing",
                    "Name the organization: ?organization_id=…").exception();
        }
        if (organizationId.length() > LONGEST_ID || organizationId.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "The query parameter organization_id is no id",
                    "An id has at most " + LONGEST_ID + " characters and no control characters.").exception();
        }
    }
}
