package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/// A sequence of actions that emits each of Polar's 42 event types at least once.
public final class EveryEventType {

    private EveryEventType() {}

    public static List<WebhookEvent> events(long seed) {
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-03T08:00:00Z"));
        SimulatedPolar polar = new SimulatedPolar(clock, new Random(seed));
        changeCatalogue(polar.catalogue());
        UUID customer = polar.customers().create("org-everything");
        changePeople(polar, customer);
        UUID subscription = buySubscription(polar);
        changeSubscription(polar.subscriptions(), polar.catalogue(), subscription);
        polar.subscriptions().reinstate(subscription);
        polar.customers().consume(customer, 25);
        refund(polar, customer);
        polar.grants().complete(polar.grants().giveNeedingAction(customer, benefit(polar)));
        polar.grants().revoke(polar.grants().give(customer, benefit(polar)));
        polar.subscriptions().migrate(customer, polar.catalogue().team(), "stripe", "sub_elsewhere");
        polar.catalogue().describeBenefit(benefit(polar), "Exports without end");
        polar.customers().delete(customer);
        return polar.takeEvents();
    }

    private static UUID benefit(SimulatedPolar polar) {
        return polar.catalogue().benefitsOf(polar.catalogue().pro()).getFirst();
    }

    private static void changeCatalogue(Catalogue catalogue) {
        UUID benefit = catalogue.addBenefit("Dark mode", "dark_mode");
        UUID product = catalogue.addProduct("Night", 500, List.of(benefit));
        catalogue.renameProduct(product, "Midnight");
        UUID discount = catalogue.addDiscount("Launch", 20);
        catalogue.renameDiscount(discount, "Early bird");
        catalogue.deleteDiscount(discount);
        catalogue.renameMerchant("Plinto (renamed)");
    }

    private static void changePeople(SimulatedPolar polar, UUID customer) {
        polar.customers().rename(customer, "Robin Renamed");
        UUID member = polar.customers().addMember(customer, "member@customer.example");
        polar.customers().renameMember(member, "Mika Member");
        UUID subscription = polar.checkouts().purchaseSeats(customer, 2, Map.of());
        UUID seat = polar.seats().assign(subscription, "member@customer.example");
        polar.seats().claim(seat);
        polar.seats().revoke(seat);
        polar.customers().removeMember(member);
    }

    private static UUID buySubscription(SimulatedPolar polar) {
        UUID pro = polar.catalogue().pro();
        polar.checkouts().expire(polar.checkouts().open(pro, "org-everything", Map.of(), false));
        Map<String, String> metadata = Map.of("organization_id", "org-everything");
        UUID checkout = polar.checkouts().open(pro, "org-everything", metadata, true);
        polar.checkouts().confirm(checkout);
        return polar.checkouts().succeed(checkout);
    }

    private static void changeSubscription(Subscriptions subscriptions, Catalogue catalogue, UUID subscription) {
        subscriptions.renew(subscription);
        subscriptions.cancelAtPeriodEnd(subscription);
        subscriptions.uncancel(subscription);
        subscriptions.failToRenew(subscription);
        subscriptions.recoverPayment(subscription);
        subscriptions.changePlan(subscription, catalogue.team());
        subscriptions.changePlanAtPeriodEnd(subscription, catalogue.pro());
        subscriptions.renew(subscription);
        subscriptions.pauseAtPeriodEnd(subscription);
        subscriptions.pause(subscription);
        subscriptions.resume(subscription);
        subscriptions.cancelAtPeriodEnd(subscription);
        subscriptions.endPeriod(subscription);
    }

    private static void refund(SimulatedPolar polar, UUID customer) {
        UUID order = polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());
        polar.refunds().complete(polar.refunds().request(order, 1_000));
        polar.refunds().refund(order, true);
    }
}
