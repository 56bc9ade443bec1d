package dev.plinto.polar.billing;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.Offers.Offer;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.polar.api.Answered;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.FailureReason;
import dev.plinto.polar.polar.api.NewCustomer.Owner;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.PolarSubscription;
import dev.plinto.polar.polar.api.PolarSubscriptions;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import dev.plinto.polar.polar.api.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Makes a subscription of a free product at Polar. It carries the id of the request that it was made for, as a
/// checkout does: an attempt that follows one without an answer looks for it first. Only for threads that may block.
@ApplicationScoped
class SubscriptionStart {

    private static final int CREATED = 201;
    private static final int LEAST_FAULT = 500;

    private final PolarSubscriptions polar;
    private final OrganizationCustomers customers;
    private final SalesRules rules;
    private final PendingErasures erasures;
    private final GroupLeases leases;
    private final SubscriptionChanges changes;
    private final AuditLog audit;
    private final BillingConfig config;

    SubscriptionStart(PolarSubscriptions polar, OrganizationCustomers customers, SalesRules rules,
            PendingErasures erasures, GroupLeases leases, SubscriptionChanges changes, AuditLog audit,
            BillingConfig config) {
        this.polar = polar;
        this.customers = customers;
        this.rules = rules;
        this.erasures = erasures;
        this.leases = leases;
        this.changes = changes;
        this.audit = audit;
        this.config = config;
    }

    /// What is subscribed to, and by whom.
    ///
    /// @param user  as our applications know them; empty if the sender does not say
    /// @param email of that person, if it is known
    record Order(String organization, String productId, Caller caller, Optional<String> user, Optional<String> email,
            Actor actor) {

        ForOrganization purpose() {
            return new ForOrganization(organization);
        }

        /// Without the buyer.
        @Override
        public String toString() {
            return "Order[organization=" + organization + "]";
        }
    }

    /// @return 201, the subscription
    /// @throws PolarFailure if Polar does not answer; what it refuses is a problem
    Answer make(Attempt attempt, Order order) throws InterruptedException {
        String id = switch (attempt) {
            case Attempt.First first -> UUID.randomUUID().toString();
            case Attempt.Resumed resumed -> resumed.progress();
        };
        Optional<Dated<Answered<PolarSubscription>>> made = attempt instanceof Attempt.Resumed
                ? find(id, order)
                : Optional.empty();
        Answer answer = changes.letIn(CREATED, order.organization, made.isPresent()
                ? audit.record(entry(order), made::get,
                        found -> "subscription " + found.answer().object().id() + ", which an earlier attempt made")
                : create(attempt, id, order));
        leases.releaseIfKnown(order.organization, id);
        return answer;
    }

    private Optional<Dated<Answered<PolarSubscription>>> find(String id, Order order) throws InterruptedException {
        Optional<String> customer = customers.find(order.purpose());
        Optional<Dated<List<Answered<PolarSubscription>>>> newest = customer.isPresent()
                ? polar.newestOf(order.purpose(), customer.get())
                : Optional.empty();
        return newest.flatMap(list -> list.answer().stream()
                .filter(one -> id.equals(one.object().metadata().get(Checkout.REQUEST_KEY))).findFirst()
                .map(one -> new Dated<>(one, list.at())));
    }

    private Dated<Answered<PolarSubscription>> create(Attempt attempt, String id, Order order)
            throws InterruptedException {
        PendingErasures.requireNone(erasures.hasOne(order.organization).await().indefinitely());
        List<Offer> offers = rules.requireSold(List.of(order.productId), order.caller);
        if (!offers.stream().allMatch(offer -> offer.isFree() && offer.isRecurring())) {
            throw SubscriptionProblems.CHECKOUT_NEEDED.exception();
        }
        rules.requireNotHeld(order.organization, offers);
        attempt.begin(id).await().indefinitely();
        String customer = customer(order);
        Map<String, String> metadata = new HashMap<>(Map.of("organization_id", order.organization,
                Checkout.REQUEST_KEY, id));
        order.user.ifPresent(user -> metadata.put("user_id", user));
        attempt.begin(id).await().indefinitely(); // the customer may have taken long
        leases.take(order.organization, offers.getFirst().group(), id);
        try {
            rules.requireNotHeld(order.organization, offers); // another request may have had the lease before
            return RecordedCall.of(audit, entry(order), () -> startFree(order, customer, metadata),
                    answer -> "subscription " + answer.answer().object().id());
        } catch (WebApplicationException problem) {
            if (problem.getResponse().getStatus() < LEAST_FAULT) { // else Polar may have carried it out
                leases.release(order.organization, id);
            }
            throw problem;
        }
    }

    private static Entry entry(Order order) {
        return new Entry(order.actor, Action.START_SUBSCRIPTION, order.organization, "product " + order.productId,
                null, null, null);
    }

    /// What is free by all that is known may cost something meanwhile.
    private Dated<Answered<PolarSubscription>> startFree(Order order, String customer, Map<String, String> metadata)
            throws InterruptedException {
        try {
            return polar.startFree(order.purpose(), customer, order.productId, metadata);
        } catch (PolarFailure failure) {
            if (failure.reason() instanceof FailureReason.Refused refused
                    && refused.refusal() == Refusal.PRODUCT_REFUSED) {
                throw SubscriptionProblems.CHECKOUT_NEEDED.exception();
            }
            throw failure;
        }
    }

    /// The organization's own; one is made where Polar has teams and the buyer's e-mail is known.
    private String customer(Order order) throws InterruptedException {
        if (config.customerType() == BillingConfig.CustomerType.TEAM && order.email.isPresent()) {
            return customers.ensure(order.purpose(), new Owner(order.email.get(), null, order.user.orElse(null)),
                    order.actor);
        }
        return customers.find(order.purpose()).orElseThrow(SubscriptionProblems.CHECKOUT_NEEDED::exception);
    }
}
