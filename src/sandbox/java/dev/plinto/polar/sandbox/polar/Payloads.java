package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The objects as Polar sends them, with the other objects embedded in them.
final class Payloads {

    private static final List<String> IN_STATE_OF_CUSTOMER = List.of(
            "id", "created_at", "modified_at", "custom_field_data", "metadata", "status", "amount", "currency",
            "recurring_interval", "current_period_start", "current_period_end", "trial_start", "trial_end",
            "cancel_at_period_end", "canceled_at", "started_at", "ends_at", "product_id", "discount_id", "seats",
            "units");

    private static final Map<String, List<String>> FIELDS_OF_PRICE = Map.of(
            "custom", List.of("maximum_amount", "preset_amount"), "metered_unit", List.of("cap_amount"));

    private final SimulatedState state;
    private final CheckoutPayload checkouts;

    Payloads(SimulatedState state, HostedPages pages) {
        this.state = state;
        checkouts = new CheckoutPayload(state, pages);
    }

    ObjectNode customer(UUID id) {
        return fields(SimulatedState.find(state.customers, id));
    }

    ObjectNode member(UUID id) {
        return fields(SimulatedState.find(state.members, id)).without("deleted_at");
    }

    ObjectNode benefit(UUID id) {
        return fields(SimulatedState.find(state.benefits, id));
    }

    ObjectNode product(UUID id) {
        Product product = SimulatedState.find(state.products, id);
        ObjectNode node = productAlone(product);
        node.put("is_deletable", isDeletable(product));
        ArrayNode prices = node.putArray("prices");
        product.offered().forEach(price -> prices.add(price(price)));
        ArrayNode benefits = node.putArray("benefits");
        product.benefitIds().forEach(benefit -> benefits.add(benefit(benefit)));
        node.putArray("medias");
        node.putArray("attached_custom_fields");
        return node;
    }

    ObjectNode subscription(Subscription subscription) {
        ObjectNode node = fields(subscription);
        Product product = SimulatedState.find(state.products, subscription.productId);
        node.set("customer", customer(subscription.customerId));
        node.set("product", product(subscription.productId));
        node.set("discount", discount(subscription.discountId));
        node.putArray("prices").add(price(product.price(subscription.amount, subscription.seats)));
        node.putArray("meters");
        return node;
    }

    ObjectNode order(Order order) {
        ObjectNode node = fields(order);
        node.set("customer", customer(order.customerId));
        node.set("product", productAlone(SimulatedState.find(state.products, order.productId)).without("is_deletable"));
        node.set("discount", discount(order.discountId));
        if (order.subscriptionId == null) {
            node.putNull("subscription");
        } else {
            ObjectNode subscription = fields(SimulatedState.find(state.subscriptions, order.subscriptionId));
            node.set("subscription", subscription.without(List.of("custom_field_data", "pending_update")));
        }
        return node;
    }

    ObjectNode grant(Grant grant) {
        ObjectNode node = fields(grant);
        node.set("customer", customer(grant.customerId));
        node.set("member", member(grant.memberId));
        node.set("benefit", benefit(grant.benefitId));
        return node;
    }

    /// `customer.state_changed` as of now: live subscriptions only (none that is past due), and every live grant,
    /// without its source.
    ObjectNode state(UUID customer) {
        ObjectNode node = customer(customer);
        ArrayNode subscriptions = node.putArray("active_subscriptions");
        state.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer))
                .filter(subscription -> subscription.status.grantsBenefits())
                .forEach(subscription -> {
                    ObjectNode active = fields(subscription).retain(IN_STATE_OF_CUSTOMER);
                    active.putArray("meters");
                    subscriptions.add(active);
                });
        ArrayNode grants = node.putArray("granted_benefits");
        state.grants.values().stream()
                .filter(grant -> grant.customerId.equals(customer) && grant.isGranted)
                .forEach(grant -> grants.add(grantInState(grant)));
        ArrayNode meters = node.putArray("active_meters");
        state.meters.values().stream()
                .filter(meter -> meter.customerId().equals(customer))
                .forEach(meter -> meters.add(fields(meter).without("customer_id")));
        return node;
    }

    ObjectNode checkout(Checkout checkout) {
        UUID customer = checkout.customerId;
        return checkout(checkout, customer == null ? null : SimulatedState.find(state.customers, customer));
    }

    /// With what the buyer has filled in; null if that is not known yet.
    ObjectNode checkout(Checkout checkout, Customer buyer) {
        return checkouts.of(checkout, buyer, this);
    }

    ObjectNode refund(Refund refund) {
        return fields(refund);
    }

    ObjectNode discount(Discount discount) {
        ObjectNode node = fields(discount).without("product_ids");
        if (discount.amounts() != null) {
            Map.Entry<String, Integer> first = discount.amounts().entrySet().iterator().next();
            node.put("amount", first.getValue()).put("currency", first.getKey());
        }
        ArrayNode products = node.putArray("products");
        discount.productIds().stream().filter(state.products::containsKey).forEach(product -> products.add(
                productAlone(state.products.get(product)).without("is_deletable")));
        return node;
    }

    /// As embedded in what it was used for; null if there was none, or it is deleted.
    private ObjectNode discount(UUID id) {
        return id == null || !state.discounts.containsKey(id)
                ? null
                : discount(state.discounts.get(id)).without("products");
    }

    ObjectNode usage(UsageEvent event) {
        ObjectNode node = fields(event).without("external_id");
        Customer customer = state.customers.values().stream().filter(event::isOf).findFirst().orElse(null);
        node.put("organization_id", state.merchant.id().toString())
                .put("customer_id", customer == null ? null : customer.id.toString())
                .put("external_customer_id", customer == null ? event.externalCustomerId() : customer.externalId)
                .put("label", event.name())
                .put("child_count", state.usage.values().stream()
                        .filter(child -> event.id().toString().equals(child.parentId())).count());
        node.set("customer", customer == null ? null : customer(customer.id));
        return node;
    }

    ObjectNode customerMeter(CustomerMeter usage) {
        ObjectNode node = fields(usage);
        node.set("customer", customer(usage.customerId()));
        node.set("meter", fields(SimulatedState.find(state.meterDefinitions, usage.meterId())));
        return node;
    }

    ObjectNode seat(Seat seat) {
        ObjectNode node = fields(seat).without("invitation_token");
        if (seat.memberId == null) {
            node.putNull("member");
        } else {
            node.set("member", member(seat.memberId));
        }
        return node;
    }

    /// With the fields of its kind, and the meter that it is for.
    ObjectNode price(Product.Price price) {
        ObjectNode node = fields(price);
        FIELDS_OF_PRICE.getOrDefault(price.amountType(), List.of()).stream()
                .filter(field -> !node.has(field))
                .forEach(node::putNull);
        if (price.isMetered()) {
            node.set("meter", fields(SimulatedState.find(state.meterDefinitions, price.meterId()))
                    .retain("id", "name", "unit", "custom_label", "custom_multiplier"));
        }
        return node;
    }

    /// Nothing refers to it.
    boolean isDeletable(Product product) {
        UUID id = product.id();
        return !state.plans.containsValue(id)
                && state.orders.values().stream().noneMatch(order -> id.equals(order.productId))
                && state.subscriptions.values().stream().noneMatch(subscription -> subscription.isOf(id))
                && state.discounts.values().stream().noneMatch(discount -> discount.productIds().contains(id))
                && state.checkouts.values().stream().noneMatch(checkout -> checkout.products().contains(id));
    }

    private ObjectNode grantInState(Grant grant) {
        Benefit benefit = SimulatedState.find(state.benefits, grant.benefitId);
        ObjectNode node = fields(grant).retain("id", "created_at", "modified_at", "granted_at", "benefit_id");
        node.put("benefit_type", benefit.type());
        node.set("benefit_metadata", SimulatedJson.MAPPER.valueToTree(benefit.metadata()));
        node.set("properties", SimulatedJson.MAPPER.valueToTree(grant.properties));
        return node;
    }

    private static ObjectNode productAlone(Product product) {
        return fields(product).without(List.of("prices", "benefit_ids"));
    }

    /// A checkout contains the buyer's view of the product: no metadata of the merchant.
    ObjectNode productInCheckout(Product product) {
        ObjectNode node = product(product.id()).without(List.of("metadata", "is_deletable", "attached_custom_fields"));
        node.get("benefits").forEach(benefit -> ((ObjectNode) benefit)
                .remove(List.of("metadata", "visibility", "properties", "visibility_configurable")));
        return node;
    }

    private static ObjectNode fields(Object object) {
        return SimulatedJson.MAPPER.valueToTree(object);
    }
}
