package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.polar.EventType;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Plays a [Scenario], or emits an event of any type, for one organization; missing steps are played first.
///
/// A scenario acts on the newest subscription of the organization, of those without seats. As Plinto's own checkout
/// does, it names the organization twice: as the customer's external id and in the metadata of the subscription and its
/// orders.
public final class ScenarioPlayer {

    private static final int SEATS = 3;

    private final SimulatedPolar polar;

    public ScenarioPlayer(SimulatedPolar polar) {
        this.polar = polar;
    }

    public Played play(Scenario scenario, String organizationId) {
        UUID subscription = run(scenario, organizationId);
        return new Played(customer(organizationId), subscription, polar.takeEvents());
    }

    /// Plays what makes Polar emit an event of this type, which is the last one of its type in the result.
    public Played play(EventType type, String organizationId) {
        UUID subscription = new EventTypePlayer(polar, this).emit(type, organizationId);
        List<UUID> customers = polar.customers().everOf(organizationId);
        UUID customer = customers.isEmpty() ? null : customers.getLast();
        return new Played(customer, subscription, polar.takeEvents());
    }

    UUID run(Scenario scenario, String organizationId) {
        return switch (scenario) {
            case PURCHASE -> buy(organizationId, false);
            case TRIAL -> buy(organizationId, true);
            case CANCEL_AT_PERIOD_END -> cancel(healthy(organizationId));
            case UNCANCEL -> uncancel(cancelling(organizationId));
            case RENEWAL -> renew(healthy(organizationId));
            case PAYMENT_FAILED -> failToPay(healthy(organizationId));
            case PAYMENT_RECOVERED -> recover(pastDue(organizationId));
            case PLAN_CHANGE -> changePlan(healthy(organizationId));
            case REVOKED -> revoke(running(organizationId));
            case REFUND -> refund(organizationId);
        };
    }

    /// The newest customer of the organization; created if there is none.
    UUID customer(String organization) {
        List<UUID> known = polar.customers().of(organization);
        return known.isEmpty() ? polar.customers().create(organization) : known.getLast();
    }

    /// The newest order with a refundable amount; bought if there is none.
    UUID refundable(String organization) {
        return polar.customers().of(organization).stream()
                .flatMap(customer -> polar.orders().of(customer).stream())
                .filter(polar.refunds()::possible)
                .reduce((older, newer) -> newer)
                .orElseGet(() -> {
                    buy(organization, false);
                    return refundable(organization);
                });
    }

    /// The newest subscription with a free seat; bought if there is none.
    UUID withFreeSeat(String organization) {
        return polar.customers().of(organization).stream()
                .flatMap(customer -> polar.subscriptions().of(customer).stream())
                .filter(subscription -> polar.seats().free(subscription) > 0)
                .reduce((older, newer) -> newer)
                .orElseGet(() -> {
                    UUID checkout = polar.checkouts().openSeats(organization, SEATS, metadata(organization));
                    polar.checkouts().confirm(checkout);
                    return polar.checkouts().succeed(checkout);
                });
    }

    /// A checkout for Pro.
    UUID open(String organization) {
        return polar.checkouts().open(polar.catalogue().pro(), organization, metadata(organization), false);
    }

    private UUID buy(String organization, boolean trial) {
        UUID pro = polar.catalogue().pro();
        UUID checkout = polar.checkouts().open(pro, organization, metadata(organization), trial);
        polar.checkouts().confirm(checkout);
        return polar.checkouts().succeed(checkout);
    }

    private UUID cancel(UUID subscription) {
        polar.subscriptions().cancelAtPeriodEnd(subscription);
        return subscription;
    }

    private UUID uncancel(UUID subscription) {
        polar.subscriptions().uncancel(subscription);
        return subscription;
    }

    private UUID renew(UUID subscription) {
        polar.subscriptions().renew(subscription);
        return subscription;
    }

    private UUID failToPay(UUID subscription) {
        polar.subscriptions().failToRenew(subscription);
        return subscription;
    }

    private UUID recover(UUID subscription) {
        polar.subscriptions().recoverPayment(subscription);
        return subscription;
    }

    private UUID changePlan(UUID subscription) {
        Catalogue catalogue = polar.catalogue();
        boolean onPro = polar.subscriptions().product(subscription).equals(catalogue.pro());
        polar.subscriptions().changePlan(subscription, onPro ? catalogue.team() : catalogue.pro());
        return subscription;
    }

    private UUID revoke(UUID subscription) {
        polar.subscriptions().revoke(subscription);
        return subscription;
    }

    private UUID refund(String organization) {
        UUID order = refundable(organization);
        polar.refunds().refund(order, false);
        return polar.orders().subscriptionOf(order).orElse(null);
    }

    /// The newest subscription, in use and with nothing pending; repaired first if necessary.
    UUID healthy(String organization) {
        UUID subscription = running(organization);
        if (polar.subscriptions().cancelling(subscription)) {
            uncancel(subscription);
        }
        return switch (polar.subscriptions().status(subscription)) {
            case PAST_DUE -> recover(subscription);
            case PAUSED -> {
                polar.subscriptions().resume(subscription);
                yield subscription;
            }
            case TRIALING, ACTIVE -> subscription;
            case CANCELED -> throw new IllegalStateException("a running subscription is not cancelled");
        };
    }

    private UUID cancelling(String organization) {
        UUID subscription = running(organization);
        return polar.subscriptions().cancelling(subscription) ? subscription : cancel(healthy(organization));
    }

    private UUID pastDue(String organization) {
        UUID subscription = running(organization);
        boolean due = polar.subscriptions().status(subscription) == SubscriptionStatus.PAST_DUE;
        return due ? subscription : failToPay(healthy(organization));
    }

    /// The newest subscription without seats that has not ended; bought if there is none.
    private UUID running(String organization) {
        return polar.customers().of(organization).stream()
                .flatMap(customer -> polar.subscriptions().of(customer).stream())
                .filter(subscription -> polar.subscriptions().status(subscription) != SubscriptionStatus.CANCELED
                        && !polar.subscriptions().hasSeats(subscription))
                .reduce((older, newer) -> newer)
                .orElseGet(() -> buy(organization, false));
    }

    private static Map<String, String> metadata(String organization) {
        return Map.of("organization_id", organization);
    }

    /// The result: the emitted events and what they concern. `customer` and `subscription` are null if they concern
    /// none.
    public record Played(UUID customer, UUID subscription, List<WebhookEvent> events) {}
}
