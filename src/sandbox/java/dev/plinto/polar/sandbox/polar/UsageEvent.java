package dev.plinto.polar.sandbox.polar;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Something that a customer has used, or that Polar did to a meter. It is of the customer with this id or, if that is
/// null, of whoever has the external id, now or later.
record UsageEvent(
        UUID id,
        Instant timestamp,
        String name,
        String source,
        UUID customerId,
        String externalCustomerId,
        UUID memberId,
        String externalMemberId,
        String externalId,
        String parentId,
        Map<String, Object> metadata) {

    static final String USER = "user";
    static final String SYSTEM = "system";

    static UsageEvent system(UUID id, Instant at, String name, UUID customer, Map<String, Object> metadata) {
        return new UsageEvent(
                id, at, name, SYSTEM, customer, null, null, null, null, null, new TreeMap<>(metadata));
    }

    boolean isOf(Customer customer) {
        return customerId == null
                ? externalCustomerId.equals(customer.externalId) && customer.deletedAt == null
                : customerId.equals(customer.id);
    }
}
