package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The objects of Polar's lists and single reads, oldest first, as of now. Internal fields of the simulation, such as
/// the endpoint of an event, are left out.
public final class Records {

    private final SimulatedState state;
    private final Payloads payloads;

    Records(SimulatedState state, Payloads payloads) {
        this.state = state;
        this.payloads = payloads;
    }

    public Stream<ListedObject> subscriptions() {
        return state.subscriptions.values().stream().map(subscription -> {
            Customer customer = state.customers.get(subscription.customerId);
            return new ListedObject(
                    subscription.id,
                    ListedObject.keys(subscription.metadata,
                            "organization_id", customer.organizationId,
                            "customer_id", customer.id,
                            "external_customer_id", customer.externalId,
                            "customer", customer.email,
                            "product_id", subscription.productId,
                            "product", state.products.get(subscription.productId).name(),
                            "discount_id", subscription.discountId,
                            "discount", nameOfDiscount(subscription.discountId),
                            "status", subscription.status.toString(),
                            "active", subscription.status.asActive(),
                            "cancel_at_period_end", subscription.cancelAtPeriodEnd,
                            "customer_cancellation_reason", subscription.customerCancellationReason,
                            "canceled_at", subscription.canceledAt,
                            "started_at", subscription.startedAt,
                            "current_period_end", subscription.currentPeriodEnd,
                            "ends_at", subscription.endsAt,
                            "ended_at", subscription.endedAt,
                            "amount", subscription.amount),
                    () -> payloads.subscription(subscription));
        });
    }

    public Stream<ListedObject> orders() {
        return state.orders.values().stream().map(order -> new ListedObject(
                order.id,
                keysOfOrder(order, state.customers.get(order.customerId), state.products.get(order.productId)),
                () -> payloads.order(order)));
    }

    private Map<String, Comparable<?>> keysOfOrder(Order order, Customer customer, Product product) {
        return ListedObject.keys(order.metadata,
                "organization_id", state.merchant.id(),
                "customer_id", customer.id,
                "external_customer_id", customer.externalId,
                "customer", customer.email,
                "product_id", product.id(),
                "product", product.name(),
                "product_billing_type", product.isRecurring() ? "recurring" : "one_time",
                "discount_id", order.discountId,
                "subscription_id", order.subscriptionId,
                "subscription", order.subscriptionId,
                "checkout_id", order.checkoutId,
                "status", order.status,
                "invoice_number", order.invoiceNumber,
                "amount", order.totalAmount,
                "net_amount", order.netAmount,
                "created_at", order.createdAt);
    }

    public Stream<ListedObject> refunds() {
        return state.refunds.values().stream().map(refund -> new ListedObject(
                refund.id(),
                ListedObject.keys(Map.of(),
                        "id", refund.id(),
                        "organization_id", refund.organizationId(),
                        "order_id", refund.orderId(),
                        "subscription_id", refund.subscriptionId(),
                        "customer_id", refund.customerId(),
                        "external_customer_id", state.customers.get(refund.customerId()).externalId,
                        "succeeded", refund.status().equals("succeeded"),
                        "amount", refund.amount(),
                        "created_at", refund.createdAt()),
                () -> payloads.refund(refund)));
    }

    /// Includes revoked seats, which are used again.
    public Stream<ListedObject> seats() {
        return state.seats.values().stream().map(seat -> new ListedObject(
                seat.id, ListedObject.keys(Map.of(), "subscription_id", seat.subscriptionId, "status", seat.status),
                () -> payloads.seat(seat)));
    }

    /// Includes revoked grants.
    public Stream<ListedObject> grants() {
        return state.grants.values().stream().map(grant -> new ListedObject(
                grant.id,
                ListedObject.keys(Map.of(),
                        "organization_id", state.merchant.id(),
                        "customer_id", grant.customerId,
                        "external_customer_id", state.customers.get(grant.customerId).externalId,
                        "benefit_id", grant.benefitId,
                        "member_id", grant.memberId,
                        "is_granted", grant.isGranted ? Boolean.TRUE : grant.isRevoked ? Boolean.FALSE : null,
                        "created_at", grant.createdAt,
                        "granted_at", grant.grantedAt,
                        "revoked_at", grant.revokedAt),
                () -> payloads.grant(grant).without("previous_properties")));
    }

    /// Without deleted customers.
    public Stream<ListedObject> customers() {
        return state.customers.values().stream()
                .filter(customer -> customer.deletedAt == null)
                .map(customer -> new ListedObject(
                        customer.id,
                        ListedObject.keys(customer.metadata,
                                "organization_id", customer.organizationId,
                                "external_id", customer.externalId,
                                "email", customer.email,
                                "name", customer.name,
                                "billing_name", customer.billingName,
                                "active", hasLiveSubscription(customer),
                                "created_at", customer.createdAt),
                        () -> payloads.customer(customer.id)));
    }

    public Stream<ListedObject> checkouts() {
        return state.checkouts.values().stream().map(checkout -> {
            Customer customer = checkout.customerId == null ? null : state.customers.get(checkout.customerId);
            return new ListedObject(
                    checkout.id,
                    ListedObject.keys(Map.of(),
                            "organization_id", state.merchant.id(),
                            "product_id", checkout.productId,
                            "customer_id", checkout.customerId,
                            "external_customer_id", checkout.externalCustomerId,
                            "status", checkout.status,
                            "email", customer == null ? checkout.customerEmail : customer.email,
                            "name", customer == null ? checkout.customerName : customer.name,
                            "created_at", checkout.createdAt,
                            "expires_at", checkout.expiresAt),
                    () -> payloads.checkout(checkout));
        });
    }

    public Stream<ListedObject> products() {
        return state.products.values().stream().map(product -> new ListedObject(
                product.id(),
                ListedObject.keys(product.metadata(),
                        "id", product.id(),
                        "organization_id", product.organizationId(),
                        "name", product.name(),
                        "is_archived", product.isArchived(),
                        "is_recurring", product.isRecurring(),
                        "benefit_id", new ListedObject.Ids(product.benefitIds()),
                        "visibility", product.visibility(),
                        "price_amount_type", product.price().amountType(),
                        "price_amount", product.isSoldBySeat() ? null : product.price().amount(null),
                        "created_at", product.createdAt()),
                () -> payloads.product(product.id())));
    }

    /// Without deleted ones.
    public Stream<ListedObject> benefits() {
        return state.benefits.values().stream().filter(benefit -> !benefit.isDeleted())
                .map(benefit -> new ListedObject(
                        benefit.id(),
                        ListedObject.keys(benefit.metadata(),
                                "id", benefit.id(),
                                "organization_id", benefit.organizationId(),
                                "type", benefit.type(),
                                "description", benefit.description(),
                                "created_at", benefit.createdAt()),
                        () -> payloads.benefit(benefit.id())));
    }

    public Stream<ListedObject> discounts() {
        return state.discounts.values().stream().map(discount -> new ListedObject(
                discount.id(),
                ListedObject.keys(Map.of(),
                        "organization_id", discount.organizationId(),
                        "name", discount.name(),
                        "code", discount.code(),
                        "redemptions_count", discount.redemptionsCount(),
                        "ends_at", discount.endsAt(),
                        "created_at", discount.createdAt()),
                () -> payloads.discount(discount)));
    }

    /// Events of usage, and what Polar did to meters.
    public Stream<ListedObject> usage() {
        return state.usage.values().stream().map(event -> {
            Optional<Customer> customer = state.customers.values().stream().filter(event::isOf).findFirst();
            return new ListedObject(
                    event.id(),
                    ListedObject.keys(event.metadata(),
                            "organization_id", state.merchant.id(),
                            "name", event.name(),
                            "source", event.source(),
                            "parent_id", event.parentId(),
                            "customer_id", customer.map(known -> known.id).orElse(null),
                            "external_customer_id",
                            customer.map(known -> known.externalId).orElse(event.externalCustomerId()),
                            "meter_id", new ListedObject.Ids(state.meterDefinitions.values().stream()
                                    .filter(meter -> Aggregation.matches(meter.filter(), event))
                                    .map(Meter::id).toList()),
                            "timestamp", event.timestamp()),
                    () -> payloads.usage(event));
        });
    }

    public Stream<ListedObject> customerMeters() {
        return state.meters.values().stream().map(usage -> {
            Customer customer = state.customers.get(usage.customerId());
            return new ListedObject(
                    usage.id(),
                    ListedObject.keys(Map.of(),
                            "organization_id", state.merchant.id(),
                            "customer_id", customer.id,
                            "external_customer_id", customer.externalId,
                            "customer_name", customer.name,
                            "meter_id", usage.meterId(),
                            "meter_name", state.meterDefinitions.get(usage.meterId()).name(),
                            "consumed_units", usage.consumedUnits(),
                            "credited_units", usage.creditedUnits(),
                            "balance", usage.balance(),
                            "modified_at", usage.modifiedAt(),
                            "created_at", usage.createdAt()),
                    () -> payloads.customerMeter(usage));
        });
    }

    public Stream<ListedObject> meters() {
        return state.meterDefinitions.values().stream().map(meter -> new ListedObject(
                meter.id(),
                ListedObject.keys(meter.metadata(),
                        "organization_id", meter.organizationId(),
                        "name", meter.name(),
                        "is_archived", meter.archivedAt() != null,
                        "created_at", meter.createdAt()),
                () -> SimulatedJson.MAPPER.valueToTree(meter)));
    }

    public Stream<ListedObject> endpoints() {
        return state.endpoints.values().stream().map(endpoint -> new ListedObject(
                endpoint.id,
                ListedObject.keys(Map.of(), "organization_id", endpoint.organizationId, "created_at",
                        endpoint.createdAt),
                () -> SimulatedJson.MAPPER.valueToTree(endpoint)));
    }

    /// One for each attempt, with the event that it carried. An event without an attempt is not listed.
    public Stream<ListedObject> deliveries() {
        return state.deliveries.stream().map(delivery -> {
            StoredEvent event = state.events.get(delivery.eventId());
            return new ListedObject(
                    delivery.id(),
                    ListedObject.keys(Map.of(),
                            "endpoint_id", event.endpointId,
                            "created_at", delivery.createdAt(),
                            "succeeded", delivery.succeeded(),
                            "http_code", delivery.httpCode(),
                            "event_id", event.id,
                            "event_type", event.type),
                    () -> delivery(delivery, event));
        });
    }

    private static ObjectNode delivery(StoredDelivery delivery, StoredEvent event) {
        ObjectNode node = SimulatedJson.MAPPER.valueToTree(delivery);
        ObjectNode carried = SimulatedJson.MAPPER.valueToTree(event);
        node.remove("event_id");
        node.set("webhook_event", carried.without(List.of("endpoint_id", "attempts")));
        return node;
    }

    private String nameOfDiscount(UUID discount) {
        return state.discounts.containsKey(discount) ? state.discounts.get(discount).name() : null;
    }

    private boolean hasLiveSubscription(Customer customer) {
        return state.subscriptions.values().stream().anyMatch(subscription -> subscription.customerId
                .equals(customer.id)
                && (subscription.status.grantsBenefits() || subscription.status == SubscriptionStatus.PAST_DUE));
    }
}
