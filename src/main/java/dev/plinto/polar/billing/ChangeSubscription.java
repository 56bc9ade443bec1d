package dev.plinto.polar.billing;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.BillingConfig.Proration;
import dev.plinto.polar.billing.SubscriptionCall.Call;
import dev.plinto.polar.billing.SubscriptionCall.Wish;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import dev.plinto.polar.polar.api.SubscriptionChange;
import dev.plinto.polar.polar.api.SubscriptionChange.Plan;
import dev.plinto.polar.polar.api.SubscriptionChange.Seats;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Changes what a subscription is of: another product, or another number of seats.
@Path("/api/v1/polar/subscriptions/{subscription_id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.MANAGE, organization = OrganizationIn.METHOD)
public class ChangeSubscription {

    private static final Problem OTHER_PLAN = SubscriptionProblems.notSupported("A subscription at Conekta keeps its "
            + "plan: what was paid would be neither credited nor charged. Cancel it, and sell the other product by a "
            + "checkout once it has ended.");
    private static final Problem SEATS = SubscriptionProblems.notSupported("Subscriptions at Conekta are not sold by "
            + "the seat.");

    private final SubscriptionCall call;
    private final SubscriptionChanges changes;
    private final SalesRules rules;
    private final BillingConfig config;

    ChangeSubscription(SubscriptionCall call, SubscriptionChanges changes, SalesRules rules, BillingConfig config) {
        this.call = call;
        this.changes = changes;
        this.rules = rules;
        this.config = config;
    }

    /// @param headers may have one `Idempotency-Key`
    @PATCH
    public Uni<Response> change(@Nullable String body, @Context UriInfo uri, @Context HttpHeaders headers) {
        return call.once(new Call("PATCH", uri, headers), subscription -> {
            ChangeRequest request = ChangeRequest.read(body == null ? "" : body)
                    .requireAllowedFor(subscription.caller());
            requireAtPolar(subscription, request);
            return new Wish(request.body(), attempt -> request.productId().isPresent()
                    ? changePlan(attempt, subscription, request.productId().get(), request)
                    : changeSeats(attempt, subscription, request.seats().orElseThrow()));
        });
    }

    private static void requireAtPolar(KnownSubscription subscription, ChangeRequest request) {
        switch (subscription.provider()) {
            case POLAR -> {}
            case CONEKTA -> throw (request.productId().isPresent() ? OTHER_PLAN : SEATS).exception();
            case FUNGIES -> throw SubscriptionProblems.NOT_AT_FUNGIES.exception();
        }
    }

    private Answer changePlan(Attempt attempt, KnownSubscription subscription, String product, ChangeRequest request)
            throws InterruptedException {
        rules.requireNotHeldBeside(subscription,
                rules.requireSold(List.of(product), subscription.caller()).getFirst());
        Plan change = new Plan(product,
                request.proration().or(() -> config.proration().map(Proration::wireName)).orElse(null));
        return make(attempt, subscription, change, product.equals(subscription.productId()),
                subscription.entry(Action.CHANGE_SUBSCRIPTION, "product " + subscription.productId(),
                        "product " + product, null));
    }

    private Answer changeSeats(Attempt attempt, KnownSubscription subscription, int seats)
            throws InterruptedException {
        return make(attempt, subscription, new Seats(seats, null), Objects.equals(seats, subscription.seats()),
                subscription.entry(Action.CHANGE_SUBSCRIPTION, subscription.seats() + " seats", seats + " seats",
                        null));
    }

    /// Another change may wait for the next period, which only Polar knows: then this one withdraws it.
    ///
    /// @param isProjected whether the subscription is so already, for all we know
    private Answer make(Attempt attempt, KnownSubscription subscription, SubscriptionChange change, boolean isProjected,
            Entry entry) throws InterruptedException {
        if (attempt instanceof Attempt.First && isProjected
                && change.isMadeIn(changes.now(subscription).answer().object())) {
            throw SubscriptionProblems.NOTHING_TO_CHANGE.exception();
        }
        return changes.make(attempt, subscription, change, entry);
    }
}
