package dev.plinto.polar.ops;

import dev.plinto.polar.caller.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// All that is known of an account now, with a token of the role `ops`. Why it has or has not access, and since when,
/// `entitlements/explain` says.
@Path("/api/v1/polar/ops/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class GetAccount {

    private final SecurityIdentity identity;
    private final AccountQueries accounts;

    GetAccount(SecurityIdentity identity, AccountQueries accounts) {
        this.identity = identity;
        this.accounts = accounts;
    }

    @GET
    @Path("{account}")
    public Uni<AccountQueries.Details> details(@PathParam("account") String account) {
        Caller.of(identity).requireOperator();
        return accounts.details(account);
    }
}
