package dev.plinto.polar.ops;

import dev.plinto.polar.billing.AccessHistory;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.InstantSource;

/// The console's page on one account: what it has, and why it has or has not access, now or as decided by a moment.
@Path("/ops/accounts")
@Produces(ConsoleAnswer.HTML)
@ForOperators
public class ShowAccount {

    private final Visitor visitor;
    private final AccountStore accounts;
    private final AccessHistory history;
    private final InstantSource clock;

    ShowAccount(Visitor visitor, AccountStore accounts, AccessHistory history, InstantSource clock) {
        this.visitor = visitor;
        this.accounts = accounts;
        this.history = history;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("account") @DefaultValue("") String typed,
            @QueryParam("at") @DefaultValue("") String at) {
        Visit visit = visitor.visit();
        String account = typed.strip();
        if (account.isEmpty()) {
            return Uni.createFrom().item(() -> Pages.accounts(visit));
        }
        LookAtAccount.requireAccount(account);
        var moment = at.isBlank() ? clock.instant() : EventSearch.time(at.strip());
        return Uni.combine().all().unis(accounts.known(account), history.explain(account, moment)).asTuple()
                .map(both -> Pages.account(visit, both.getItem1(), both.getItem2(), at.strip()));
    }
}
