package dev.plinto.polar.sandbox.polar;

import dev.plinto.polar.polar.EventType;
import java.util.List;
import java.util.UUID;

/// Makes Polar emit an event of any of its types, about the given organization if the type concerns a customer. Missing
/// steps are played first, and other events follow as at Polar.
final class EventTypePlayer {

    private static final String EMAIL = "member@customer.example";

    private final SimulatedPolar polar;
    private final ScenarioPlayer player;

    EventTypePlayer(SimulatedPolar polar, ScenarioPlayer player) {
        this.polar = polar;
        this.player = player;
    }

    /// @return the subscription that the event is about, or null
    UUID emit(EventType type, String organization) {
        return switch (type) {
            case CHECKOUT_CREATED, CHECKOUT_UPDATED, CHECKOUT_EXPIRED -> checkout(type, organization);
            case CUSTOMER_CREATED, CUSTOMER_UPDATED, CUSTOMER_DELETED, CUSTOMER_STATE_CHANGED ->
                customer(type, organization);
            case CUSTOMER_SEAT_ASSIGNED, CUSTOMER_SEAT_CLAIMED, CUSTOMER_SEAT_REVOKED -> seat(type, organization);
            case MEMBER_CREATED, MEMBER_UPDATED, MEMBER_DELETED -> member(type, organization);
            case ORDER_CREATED, ORDER_UPDATED, ORDER_PAID, SUBSCRIPTION_CYCLED, BENEFIT_GRANT_CYCLED ->
                player.run(Scenario.RENEWAL, organization);
            case ORDER_REFUNDED -> player.run(Scenario.REFUND, organization);
            case REFUND_CREATED, REFUND_UPDATED -> refund(type, organization);
            case SUBSCRIPTION_CREATED, SUBSCRIPTION_ACTIVE -> player.run(Scenario.PURCHASE, organization);
            case SUBSCRIPTION_UPDATED -> player.run(Scenario.PLAN_CHANGE, organization);
            case SUBSCRIPTION_CANCELED -> player.run(Scenario.CANCEL_AT_PERIOD_END, organization);
            case SUBSCRIPTION_UNCANCELED -> player.run(Scenario.UNCANCEL, organization);
            case SUBSCRIPTION_PAST_DUE -> player.run(Scenario.PAYMENT_FAILED, organization);
            case SUBSCRIPTION_REVOKED -> player.run(Scenario.REVOKED, organization);
            case SUBSCRIPTION_PAUSED, SUBSCRIPTION_RESUMED -> pause(type, organization);
            case SUBSCRIPTION_MIGRATED -> polar.subscriptions().migrate(
                    player.customer(organization), polar.catalogue().team(), "stripe", "sub_" + polar.newName());
            case PRODUCT_CREATED, PRODUCT_UPDATED, BENEFIT_CREATED, BENEFIT_UPDATED, ORGANIZATION_UPDATED ->
                catalogue(type);
            case DISCOUNT_CREATED, DISCOUNT_UPDATED, DISCOUNT_DELETED -> discount(type);
            case BENEFIT_GRANT_CREATED, BENEFIT_GRANT_UPDATED, BENEFIT_GRANT_REVOKED -> grant(type, organization);
        };
    }

    private UUID checkout(EventType type, String organization) {
        UUID checkout = player.open(organization);
        if (type == EventType.CHECKOUT_UPDATED) {
            polar.checkouts().confirm(checkout);
        } else if (type == EventType.CHECKOUT_EXPIRED) {
            polar.checkouts().expire(checkout);
        }
        return null;
    }

    private UUID customer(EventType type, String organization) {
        if (type == EventType.CUSTOMER_CREATED) {
            polar.customers().create(organization);
            return null;
        }
        UUID customer = player.customer(organization);
        if (type == EventType.CUSTOMER_UPDATED) {
            polar.customers().rename(customer, "Robin Renamed");
        } else if (type == EventType.CUSTOMER_DELETED) {
            polar.customers().delete(customer);
        } else {
            polar.grants().emitState(customer);
        }
        return null;
    }

    private UUID seat(EventType type, String organization) {
        UUID subscription = player.withFreeSeat(organization);
        UUID seat = polar.seats().assign(subscription, polar.newName() + "@customer.example");
        if (type != EventType.CUSTOMER_SEAT_ASSIGNED) {
            polar.seats().claim(seat);
        }
        if (type == EventType.CUSTOMER_SEAT_REVOKED) {
            polar.seats().revoke(seat);
        }
        return subscription;
    }

    private UUID member(EventType type, String organization) {
        UUID member = polar.customers().addMember(player.customer(organization), EMAIL);
        if (type == EventType.MEMBER_UPDATED) {
            polar.customers().renameMember(member, "Mika Member");
        } else if (type == EventType.MEMBER_DELETED) {
            polar.customers().removeMember(member);
        }
        return null;
    }

    /// Completes the newest pending refund, if there is one.
    private UUID refund(EventType type, String organization) {
        List<UUID> pending = polar.customers().of(organization).stream()
                .flatMap(customer -> polar.refunds().pendingOf(customer).stream())
                .toList();
        if (type == EventType.REFUND_UPDATED && !pending.isEmpty()) {
            polar.refunds().complete(pending.getLast());
            return null;
        }
        UUID order = player.refundable(organization);
        UUID refund = polar.refunds().request(order, 1);
        if (type == EventType.REFUND_UPDATED) {
            polar.refunds().complete(refund);
        }
        return polar.orders().subscriptionOf(order).orElse(null);
    }

    private UUID pause(EventType type, String organization) {
        UUID subscription = player.healthy(organization);
        if (!polar.subscriptions().pausing(subscription)) {
            polar.subscriptions().pauseAtPeriodEnd(subscription);
        }
        polar.subscriptions().pause(subscription);
        if (type == EventType.SUBSCRIPTION_RESUMED) {
            polar.subscriptions().resume(subscription);
        }
        return subscription;
    }

    private UUID grant(EventType type, String organization) {
        UUID customer = player.customer(organization);
        UUID benefit = polar.catalogue().benefitsOf(polar.catalogue().onboarding()).getFirst();
        if (type == EventType.BENEFIT_GRANT_UPDATED) {
            polar.grants().complete(polar.grants().giveNeedingAction(customer, benefit));
            return null;
        }
        UUID grant = polar.grants().give(customer, benefit);
        if (type == EventType.BENEFIT_GRANT_REVOKED) {
            polar.grants().revoke(grant);
        }
        return null;
    }

    /// Adds to the catalogue and changes only what it has added: existing subscriptions are not affected.
    private UUID catalogue(EventType type) {
        String name = "Sample " + polar.newName();
        if (type == EventType.ORGANIZATION_UPDATED) {
            polar.catalogue().renameMerchant(name);
        } else if (type == EventType.PRODUCT_CREATED || type == EventType.PRODUCT_UPDATED) {
            UUID product = polar.catalogue().addProduct(name, 500, List.of());
            if (type == EventType.PRODUCT_UPDATED) {
                polar.catalogue().renameProduct(product, name + " 2");
            }
        } else {
            UUID benefit = polar.catalogue().addBenefit(name, null);
            if (type == EventType.BENEFIT_UPDATED) {
                polar.catalogue().describeBenefit(benefit, name + " 2");
            }
        }
        return null;
    }

    private UUID discount(EventType type) {
        UUID discount = polar.catalogue().addDiscount("Sample " + polar.newName(), 20);
        if (type == EventType.DISCOUNT_UPDATED) {
            polar.catalogue().renameDiscount(discount, "Sample " + polar.newName());
        } else if (type == EventType.DISCOUNT_DELETED) {
            polar.catalogue().deleteDiscount(discount);
        }
        return null;
    }
}
