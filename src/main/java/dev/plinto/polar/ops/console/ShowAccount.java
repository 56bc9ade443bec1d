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
import java.time.InstantSource;

/// The console's page about an account: its benefits, and why it has access or not, now or at a past moment.
@Path("/ops/accounts")
@Produces(ConsoleResponses.HTML)
@ForOperators
public class ShowAccount {

    private final CurrentOperator operator;
    private final AccountQueries accounts;
    private final AccessHistory history;
    private final InstantSource clock;

    ShowAccount(CurrentOperator operator, AccountQueries accounts, AccessHistory history, InstantSource clock) {
        this.operator = operator;
        this.accounts = accounts;
        this.history = history;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> show(@QueryParam("account") @DefaultValue("") String typed,
            @QueryParam("at") @DefaultValue("") String typedAt) {
        ConsoleSession session = operator.session();
        String account = typed.strip();
        if (account.isEmpty()) {
            return Uni.createFrom().item(() -> Pages.accounts(session));
        }
        String at = typedAt.strip();
        boolean isPast = !at.isEmpty() && EventSearch.time("at", at).isBefore(clock.instant());
        return accounts.find(account).flatMap(found -> explain(found.account(), isPast ? at : "")
                .map(explanation -> Pages.account(session, found, explanation,
                        AccountVerdict.of(found, explanation, isPast), account, at)));
    }

    /// Of the future nothing is known.
    private Uni<Explanation> explain(String account, String past) {
        return past.isEmpty() ? history.explain(account) : history.explain(account, EventSearch.time("at", past));
    }
}
