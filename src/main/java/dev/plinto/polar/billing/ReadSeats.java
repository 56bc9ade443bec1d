package dev.plinto.polar.billing;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.postgres.ReadModel;
import dev.plinto.polar.postgres.ReadModels;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// Who has the seats of a subscription, from our own database. Seats carry addresses of persons, so that not everybody
/// of the organization may read them.
@Path("/api/v1/polar/subscriptions/{subscription_id}/seats")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.READ_BILLING, organization = OrganizationIn.METHOD)
public class ReadSeats {

    private final SeatQueries seats;
    private final ReadModels models;
    private final CallCheck check;

    ReadSeats(SeatQueries seats, ReadModels models, CallCheck check) {
        this.seats = seats;
        this.models = models;
        this.check = check;
    }

    /// Those that are not revoked, in the order in which they were given.
    @GET
    public Uni<SeatList> list(@PathParam("subscription_id") String subscriptionId) {
        if (!IdParameter.isId(subscriptionId)) {
            throw SubscriptionProblems.UNKNOWN.exception();
        }
        return seats.find(subscriptionId).map(found -> {
            SeatQueries.Found known = found.orElseThrow(SubscriptionProblems.UNKNOWN::exception);
            check.require(known.account(), SubscriptionProblems.UNKNOWN);
            return known.seats();
        }).call(() -> models.require(ReadModel.SEATS, ReadModel.MEMBERS));
    }
}
