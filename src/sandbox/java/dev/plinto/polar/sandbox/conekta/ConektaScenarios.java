package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.SoldProducts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/// Courses of events for one organization in Mexico. As Plinto's own checkout does, each names the organization twice:
/// as the customer's custom reference and in the metadata of the order, which names the product at Polar, too, if it is
/// bought once: what a subscription gives, its plan tells.
public final class ConektaScenarios {

    /// Sells Polar's [Pro][SoldProducts#PRO], for so many centavos.
    public static final String PLAN = "pro-monthly";
    private static final long PRICE = 138_000;
    /// What Polar's [Onboarding][SoldProducts#ONBOARDING] costs, in centavos.
    public static final long ONCE = 880_000;
    private static final Duration SHORT = Duration.ofHours(1);

    private final SimulatedConekta conekta;

    public ConektaScenarios(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    /// `mexico-purchase`: the organization subscribes by card.
    public Played mexicoPurchase(String organizationId) {
        String order = order(organizationId, "Pro", PRICE, SoldProducts.PRO, CheckoutTerms.ofPlan(plan()));
        conekta.payments().payByCard(order);
        return played(order, conekta.subscriptions().ofOrder(order).orElseThrow());
    }

    /// `oxxo-pending-then-paid`: the organization takes a reference, and pays it at the counter.
    public Played oxxoPendingThenPaid(String organizationId) {
        String order = onboarding(organizationId, CheckoutTerms.of(Set.of(PaymentMethod.CASH)));
        conekta.payments().takeReference(order, PaymentMethod.CASH);
        later();
        conekta.payments().payReference(order);
        return played(order, null);
    }

    /// `spei-expired`: the organization takes a number for a transfer, and never pays.
    public Played speiExpired(String organizationId) {
        String order = onboarding(organizationId, CheckoutTerms.of(Set.of(PaymentMethod.BANK_TRANSFER))
                .until(conekta.now().plus(SHORT)));
        conekta.payments().takeReference(order, PaymentMethod.BANK_TRANSFER);
        later();
        conekta.orders().expire(order);
        return played(order, null);
    }

    /// `conekta-renewal`: the organization subscribes, and pays the second month.
    public Played renewal(String organizationId) {
        Played bought = mexicoPurchase(organizationId);
        later();
        conekta.subscriptions().renew(bought.subscriptionId());
        return also(bought);
    }

    /// `conekta-payment-failed-then-canceled`: the organization subscribes; the second month cannot be collected, nor
    /// by any retry.
    public Played paymentFailedThenCanceled(String organizationId) {
        Played bought = mexicoPurchase(organizationId);
        later();
        conekta.subscriptions().failToRenew(bought.subscriptionId());
        while (conekta.subscriptions().status(bought.subscriptionId()) == SubscriptionStatus.PAST_DUE) {
            later();
            conekta.subscriptions().retry(bought.subscriptionId());
        }
        return also(bought);
    }

    /// Of two events with the same second, the service cannot tell which is the newer one.
    private static void later() {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }

    private Played played(String orderId, String subscriptionId) {
        return new Played(conekta.records().order(orderId).path("customer_info").path("customer_id").asText(), orderId,
                subscriptionId, conekta.takeEvents());
    }

    private Played also(Played before) {
        List<ConektaEvent> events = new ArrayList<>(before.events());
        events.addAll(conekta.takeEvents());
        return new Played(before.customerId(), before.orderId(), before.subscriptionId(), List.copyOf(events));
    }

    private String onboarding(String organizationId, CheckoutTerms checkout) {
        return order(organizationId, "Onboarding", ONCE, SoldProducts.ONBOARDING, checkout);
    }

    private String order(String organizationId, String item, long price, UUID product, CheckoutTerms checkout) {
        String customer = customer(organizationId);
        ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("organization_id", organizationId);
        if (checkout.planIds().isEmpty()) {
            metadata.put("product_id", product.toString());
        }
        OrderRequest request = OrderRequest.of(customer, item, price, checkout);
        return conekta.orders().create(new OrderRequest(
                request.currency(), request.buyer(), request.lineItems(), checkout, metadata));
    }

    /// The organization's customer; created if there is none.
    private String customer(String organizationId) {
        return conekta.records().customers()
                .filter(row -> row.json().path("custom_reference").asText().equals(organizationId))
                .map(Records.Row::id)
                .findFirst()
                .orElseGet(() -> {
                    String created = conekta.customers().create(
                            "Organization " + organizationId, organizationId + "@example.mx", "+5215555555555");
                    conekta.customers().setCustomReference(created, organizationId);
                    return created;
                });
    }

    private String plan() {
        if (conekta.records().plans().noneMatch(row -> row.id().equals(PLAN))) {
            conekta.plans().create(new Plans.PlanTerms(
                    PLAN, "Pro", PRICE, "MXN", "month", 1, null, null, null, null));
        }
        return PLAN;
    }

    /// What was made, and the events, oldest first. `subscriptionId` is null if nothing was subscribed to.
    public record Played(String customerId, String orderId, String subscriptionId, List<ConektaEvent> events) {}
}
