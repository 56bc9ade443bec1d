package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// All that is known of an account now: an organization of ours, or `customer:<id>` of one that is linked to none.
/// Why it has or has not access, and since when, `entitlements/explain` says.
@Path("/api/v1/polar/ops/accounts")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class LookAtAccount {

    private static final int LONGEST_ID = 500;

    private final SecurityIdentity identity;
    private final AccountStore accounts;

    LookAtAccount(SecurityIdentity identity, AccountStore accounts) {
        this.identity = identity;
        this.accounts = accounts;
    }

    @GET
    @Path("{account}")
    public Uni<AccountStore.Known> look(@PathParam("account") String account) {
        Caller.of(identity).requireOperator();
        requireAccount(account);
        return accounts.known(account);
    }

    static void requireAccount(String account) {
        if (account.isBlank() || account.length() > LONGEST_ID || account.chars().anyMatch(Character::isISOControl)) {
            throw new Problem("parameter-invalid", 400, "That is no account",
                    "It has at most " + LONGEST_ID + " characters and no control characters.").exception();
        }
    }
}
