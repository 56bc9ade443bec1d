package dev.plinto.polar.ops;

import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// The current state of an account, with a token of the role `ops`. `entitlements/explain` explains why it has access
/// or not, and since when.
@Path("/api/v1/polar/ops/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(Permission.OPERATE)
public class GetAccount {

    private final AccountQueries accounts;

    GetAccount(AccountQueries accounts) {
        this.accounts = accounts;
    }

    @GET
    @Path("{account}")
    public Uni<AccountQueries.Details> details(@PathParam("account") String account) {
        return accounts.details(account);
    }
}
