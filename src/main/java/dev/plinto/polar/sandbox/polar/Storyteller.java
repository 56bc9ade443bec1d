package dev.plinto.polar.sandbox.polar;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Plays a [Scenario] on one of our organizations; what must have happened before is made to happen first.
///
/// A scenario acts on the newest subscription of the organization. As Plinto's own checkout does, it names the
/// organization twice: as the customer's external id and in the metadata of the subscription and its orders.
final class Storyteller {

    private final SimulatedPolar polar;

    Storyteller(SimulatedPolar polar) {
        this.polar = polar;
    }

    Story play(Scenario scenario, String organizationId) {
        UUID subscription = switch (scenario) {
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
        return new Story(customer(organizationId), subscription, polar.takeEvents());
    }

    private UUID buy(String organization, boolean trial) {
        Map<String, String> metadata = Map.of("organization_id", organization);
        UUID checkout = polar.checkouts().open(polar.catalogue().pro(), organization, metadata, trial);
        polar.checkouts().confirm(checkout);
        List<UUID> known = polar.customers().of(organization);
        UUID customer = known.isEmpty() ? polar.customers().create(organization) : known.getLast();
        return polar.checkouts().succeed(checkout, customer);
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
        UUID customer = polar.customers().of(organization).isEmpty() ? null : customer(organization);
        List<UUID> refundable = customer == null
                ? List.of()
                : polar.orders().of(customer).stream().filter(polar.orders()::refundable).toList();
        if (refundable.isEmpty()) {
            buy(organization, false);
            return refund(organization);
        }
        polar.orders().refund(refundable.getLast(), false);
        return polar.orders().subscriptionOf(refundable.getLast()).orElse(null);
    }

    /// The newest subscription, in use and with nothing pending; put right first where it is not.
    private UUID healthy(String organization) {
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

    /// The newest subscription that has not ended; bought first where there is none.
    private UUID running(String organization) {
        return polar.customers().of(organization).stream()
                .flatMap(customer -> polar.subscriptions().of(customer).stream())
                .filter(subscription -> polar.subscriptions().status(subscription) != SubscriptionStatus.CANCELED)
                .reduce((older, newer) -> newer)
                .orElseGet(() -> buy(organization, false));
    }

    private UUID customer(String organization) {
        return polar.customers().of(organization).getLast();
    }

    /// What happened, to whom. `subscription` is null only for the refund of something that was paid once.
    record Story(UUID customer, UUID subscription, List<WebhookEvent> events) {}
}
