package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;

/// Everything that the simulated Polar remembers, oldest first.
final class World {

    /// The newest moment that was lived through; after a restart time goes on from there.
    Instant moment;
    Merchant merchant;
    Map<UUID, Benefit> benefits = new LinkedHashMap<>();
    Map<UUID, Product> products = new LinkedHashMap<>();
    Map<UUID, Discount> discounts = new LinkedHashMap<>();
    Map<UUID, Customer> customers = new LinkedHashMap<>();
    Map<UUID, Member> members = new LinkedHashMap<>();
    Map<UUID, Checkout> checkouts = new LinkedHashMap<>();
    Map<UUID, Subscription> subscriptions = new LinkedHashMap<>();
    Map<UUID, Order> orders = new LinkedHashMap<>();
    Map<UUID, Grant> grants = new LinkedHashMap<>();
    Map<UUID, Refund> refunds = new LinkedHashMap<>();
    Map<UUID, Seat> seats = new LinkedHashMap<>();
    Map<UUID, CustomerMeter> meters = new LinkedHashMap<>();
    Map<UUID, WebhookEndpoint> endpoints = new LinkedHashMap<>();
    LinkedHashMap<UUID, StoredEvent> events = new LinkedHashMap<>();
    List<StoredDelivery> deliveries = new ArrayList<>();

    /// @throws NoSuchElementException when nothing of that kind has this id
    static <T> T find(Map<UUID, T> objects, UUID id) {
        T found = objects.get(id);
        if (found == null) {
            throw new NoSuchElementException("nothing here has the id " + id);
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
