package dev.plinto.polar.ops.console;

import dev.plinto.polar.access.AccessHistory;
import dev.plinto.polar.access.Explanation;
import dev.plinto.polar.ops.AccountQueries;
import dev.plinto.polar.ops.EventSearch;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

/// The console's page about an account: its benefits, and why it has access or not, now or at a past moment.
@Path("/ops/accounts")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowAccount {

    private final CurrentOperator operator;
    private final AccountQueries accounts;
    private final AccessHistory history;

    ShowAccount(CurrentOperator operator, AccountQueries accounts, AccessHistory history) {
        this.operator = operator;
        this.accounts = accounts;
        this.history = history;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("account") @DefaultValue("") String typed,
            @QueryParam("at") @DefaultValue("") String at) {
        ConsoleSession session = operator.session();
        String account = typed.strip();
        if (account.isEmpty()) {
            return Uni.createFrom().item(() -> Pages.accounts(session));
        }
        Uni<Explanation> explanation = at.isBlank()
                ? history.explain(account)
                : history.explain(account, EventSearch.time(at.strip()));
        return Uni.combine().all().unis(accounts.details(account), explanation).asTuple()
                .map(both -> Pages.account(session, both.getItem1(), both.getItem2(), at.strip()));
    }
}
