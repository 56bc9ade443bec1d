package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import java.util.List;

/// `data` of `checkout.*`. The buyer's IP address and the secrets are made up, but stand in the same fields as Polar's,
/// so that tests detect a service that logs bodies.
final class CheckoutPayload {

    private static final String SITE = "https://app.plinto.dev/billing";

    private CheckoutPayload() {}

    static ObjectNode of(
            Checkout checkout, Product product, Customer buyer, ObjectNode productNode, ObjectNode priceNode) {
        int price = product.price().amount(checkout.seats);
        int amount = checkout.trial ? 0 : price;
        int tax = buyer == null ? 0 : Orders.taxOn(amount);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", checkout.id.toString())
                .put("created_at", Rfc3339.format(checkout.createdAt))
                .put("modified_at", checkout.modifiedAt == null ? null : Rfc3339.format(checkout.modifiedAt));
        node.putObject("custom_field_data");
        node.put("payment_processor", "stripe")
                .put("status", checkout.status)
                .put("client_secret", checkout.clientSecret)
                .put("url", "https://sandbox.polar.sh/checkout/" + checkout.clientSecret)
                .put("expires_at", Rfc3339.format(checkout.expiresAt))
                .put("success_url", SITE + "?checkout_id=" + checkout.id)
                .put("return_url", SITE)
                .putNull("embed_origin")
                .put("amount", price)
                .put("seats", checkout.seats)
                .putNull("min_seats")
                .putNull("max_seats")
                .putNull("units")
                .putNull("min_units")
                .putNull("max_units")
                .put("discount_amount", 0)
                .put("net_amount", amount)
                .put("tax_amount", tax)
                .put("tax_behavior", "exclusive")
                .put("total_amount", amount + tax)
                .put("currency", product.price().priceCurrency())
                .put("allow_trial", checkout.trial)
                .put("active_trial_interval", checkout.trial ? "day" : null)
                .put("active_trial_interval_count", checkout.trial ? Checkouts.TRIAL_DAYS : null)
                .put("trial_end", checkout.trial ? Rfc3339.format(Checkouts.trialEnd(checkout.createdAt)) : null)
                .put("organization_id", product.organizationId().toString())
                .put("product_id", product.id().toString())
                .put("product_price_id", product.price().id().toString())
                .putNull("discount_id")
                .put("allow_discount_codes", true)
                .put("require_billing_address", false)
                .put("is_discount_applicable", true)
                .put("is_free_product_price", false)
                .put("is_payment_required", !checkout.trial)
                .put("is_payment_setup_required", product.isRecurring())
                .put("is_payment_form_required", true);
        putBuyer(node, checkout, buyer);
        node.put("payment_method_type", List.of("confirmed", "succeeded").contains(checkout.status) ? "card" : null);
        node.putObject("payment_processor_metadata").put("publishable_key", "pk_test_sandbox");
        node.putObject("billing_address_fields")
                .put("country", "required")
                .put("state", "disabled")
                .put("city", "optional")
                .put("postal_code", "optional")
                .put("line1", "disabled")
                .put("line2", "disabled");
        node.putNull("trial_interval").putNull("trial_interval_count");
        node.set("metadata", SimulatedJson.MAPPER.valueToTree(checkout.metadata));
        node.put("external_customer_id", checkout.externalCustomerId);
        node.putArray("products").add(productNode);
        node.set("product", productNode);
        node.set("product_price", priceNode);
        node.putObject("prices").putArray(product.id().toString()).add(priceNode);
        node.putNull("discount");
        node.put("subscription_id", checkout.subscriptionId == null ? null : checkout.subscriptionId.toString());
        node.putArray("attached_custom_fields");
        node.putObject("customer_metadata");
        return node;
    }

    /// A new buyer has a name before it has an id: Polar makes the customer after the confirmation.
    private static void putBuyer(ObjectNode node, Checkout checkout, Customer buyer) {
        boolean known = buyer != null;
        node.put("customer_id", checkout.customerId == null ? null : checkout.customerId.toString())
                .put("is_business_customer", false)
                .put("customer_name", known ? buyer.name : null)
                .put("customer_email", known ? buyer.email : null)
                .put("customer_ip_address", "192.0.2.17")
                .put("customer_billing_name", known ? buyer.billingName : null);
        node.set("customer_billing_address", SimulatedJson.MAPPER.valueToTree(known ? buyer.billingAddress : null));
        node.putNull("customer_tax_id").put("locale", known ? buyer.locale : null);
    }
}
