package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/// The objects as Polar sends them: what they are, and the other objects that are embedded in them.
final class Payloads {

    private static final List<String> IN_STATE_OF_CUSTOMER = List.of(
            "id", "created_at", "modified_at", "custom_field_data", "metadata", "status", "amount", "currency",
            "recurring_interval", "current_period_start", "current_period_end", "trial_start", "trial_end",
            "cancel_at_period_end", "canceled_at", "started_at", "ends_at", "product_id", "discount_id", "seats",
            "units");

    private final World world;

    Payloads(World world) {
        this.world = world;
    }

    ObjectNode customer(UUID id) {
        return fields(World.find(world.customers, id));
    }

    ObjectNode member(UUID id) {
        return fields(World.find(world.members, id));
    }

    ObjectNode benefit(UUID id) {
        return fields(World.find(world.benefits, id));
    }

    ObjectNode product(UUID id) {
        Product product = World.find(world.products, id);
        ObjectNode node = productAlone(product);
        node.putArray("prices").add(fields(product.price()));
        ArrayNode benefits = node.putArray("benefits");
        product.benefitIds().forEach(benefit -> benefits.add(benefit(benefit)));
        node.putArray("medias");
        node.putArray("attached_custom_fields");
        return node;
    }

    ObjectNode subscription(Subscription subscription) {
        ObjectNode node = fields(subscription);
        Product product = World.find(world.products, subscription.productId);
        node.set("customer", customer(subscription.customerId));
        node.set("product", product(subscription.productId));
        node.putNull("discount");
        node.putArray("prices").add(fields(product.price()));
        node.putArray("meters");
        return node;
    }

    ObjectNode order(Order order) {
        ObjectNode node = fields(order);
        node.set("customer", customer(order.customerId));
        node.set("product", productAlone(World.find(world.products, order.productId)).without("is_deletable"));
        node.putNull("discount");
        if (order.subscriptionId == null) {
            node.putNull("subscription");
        } else {
            ObjectNode subscription = fields(World.find(world.subscriptions, order.subscriptionId));
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

    /// `customer.state_changed` as of now: live subscriptions only, so none that is past due; and every live grant,
    /// without what it was granted for.
    ObjectNode state(UUID customer) {
        ObjectNode node = customer(customer);
        ArrayNode subscriptions = node.putArray("active_subscriptions");
        world.subscriptions.values().stream()
                .filter(subscription -> subscription.customerId.equals(customer))
                .filter(subscription -> subscription.status.grantsBenefits())
                .forEach(subscription -> {
                    ObjectNode active = fields(subscription).retain(IN_STATE_OF_CUSTOMER);
                    active.putArray("meters");
                    subscriptions.add(active);
                });
        ArrayNode grants = node.putArray("granted_benefits");
        world.grants.values().stream()
                .filter(grant -> grant.customerId.equals(customer) && grant.isGranted)
                .forEach(grant -> grants.add(grantInState(grant)));
        ArrayNode meters = node.putArray("active_meters");
        world.meters.values().stream()
                .filter(meter -> meter.customerId().equals(customer))
                .forEach(meter -> meters.add(fields(meter).without("customer_id")));
        return node;
    }

    ObjectNode checkout(Checkout checkout) {
        Product product = World.find(world.products, checkout.productId);
        Customer customer = checkout.customerId == null ? null : World.find(world.customers, checkout.customerId);
        return CheckoutPayload.of(checkout, product, customer, productInCheckout(product), fields(product.price()));
    }

    ObjectNode refund(Refund refund) {
        return fields(refund);
    }

    ObjectNode discount(Discount discount) {
        ObjectNode node = fields(discount);
        node.putArray("products");
        return node;
    }

    ObjectNode seat(Seat seat) {
        ObjectNode node = fields(seat);
        if (seat.memberId == null) {
            node.putNull("member");
        } else {
            node.set("member", member(seat.memberId));
        }
        return node;
    }

    private ObjectNode grantInState(Grant grant) {
        Benefit benefit = World.find(world.benefits, grant.benefitId);
        ObjectNode node = fields(grant).retain("id", "created_at", "modified_at", "granted_at", "benefit_id");
        node.put("benefit_type", benefit.type());
        node.set("benefit_metadata", SimulatedJson.MAPPER.valueToTree(benefit.metadata()));
        node.set("properties", SimulatedJson.MAPPER.valueToTree(grant.properties));
        return node;
    }

    private static ObjectNode productAlone(Product product) {
        return fields(product).without(List.of("price", "benefit_ids"));
    }

    /// In a checkout the buyer's side of the product is shown: no metadata of ours.
    private ObjectNode productInCheckout(Product product) {
        ObjectNode node = product(product.id()).without(List.of("metadata", "is_deletable", "attached_custom_fields"));
        node.get("benefits").forEach(benefit -> ((ObjectNode) benefit)
                .remove(List.of("metadata", "visibility", "properties", "visibility_configurable")));
        return node;
    }

    private static ObjectNode fields(Object object) {
        return SimulatedJson.MAPPER.valueToTree(object);
    }
}
