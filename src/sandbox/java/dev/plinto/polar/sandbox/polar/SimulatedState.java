package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;

/// The complete state of the simulated Polar, oldest objects first.
final class SimulatedState {

    /// The time of the newest change; after a restart time continues from there.
    Instant moment;
    /// How far the clock has been moved forward, in microseconds.
    long clockAhead;
    /// Invitations that expired until then were told.
    Instant invitationsExpiredUntil = Instant.EPOCH;
    SimulatedMerchant merchant;
    Map<UUID, Benefit> benefits = new LinkedHashMap<>();
    Map<UUID, Product> products = new LinkedHashMap<>();
    /// The products that the scenarios sell, by their plan.
    Map<String, UUID> plans = new LinkedHashMap<>();
    Map<UUID, Discount> discounts = new LinkedHashMap<>();
    Map<UUID, Customer> customers = new LinkedHashMap<>();
    Map<UUID, Member> members = new LinkedHashMap<>();
    Map<UUID, Checkout> checkouts = new LinkedHashMap<>();
    Map<UUID, Subscription> subscriptions = new LinkedHashMap<>();
    Map<UUID, Order> orders = new LinkedHashMap<>();
    /// By subscription: what changes in the middle of a period cost, until the next order.
    Map<UUID, List<Order.Item>> owed = new LinkedHashMap<>();
    Map<UUID, Grant> grants = new LinkedHashMap<>();
    Map<UUID, Refund> refunds = new LinkedHashMap<>();
    Map<UUID, Seat> seats = new LinkedHashMap<>();
    Map<UUID, CustomerSession> sessions = new LinkedHashMap<>();
    SellingRules sellingRules = new SellingRules();
    /// The meters themselves; `meters` is what each customer has used of them.
    Map<UUID, Meter> meterDefinitions = new LinkedHashMap<>();
    LinkedHashMap<UUID, UsageEvent> usage = new LinkedHashMap<>();
    Map<UUID, CustomerMeter> meters = new LinkedHashMap<>();
    Map<UUID, SimulatedEndpoint> endpoints = new LinkedHashMap<>();
    LinkedHashMap<UUID, StoredEvent> events = new LinkedHashMap<>();
    List<StoredDelivery> deliveries = new ArrayList<>();

    /// @throws NoSuchElementException if no object of this kind has this id
    static <T> T find(Map<UUID, T> objects, UUID id) {
        T found = objects.get(id);
        if (found == null) {
            throw new NoSuchElementException("no object has the id " + id);
        }
        return found;
    }

    Member ownerOf(UUID customer) {
        return members.values().stream()
                .filter(member -> member.customerId().equals(customer) && member.role().equals(Member.OWNER))
                .findFirst()
                .orElseThrow();
    }
}
