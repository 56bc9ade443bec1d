package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// `data` of `checkout.*`. The secrets, and the buyer's IP address unless it is known, are made up, but stand in the
/// same fields as Polar's, so that tests detect a service that logs bodies.
final class CheckoutPayload {

    private static final List<String> ONLY_THE_MERCHANTS = List.of(
            "trial_interval", "trial_interval_count", "metadata", "customer_metadata", "external_customer_id",
            "subscription_id");

    private final SimulatedState state;
    private final HostedPages pages;

    CheckoutPayload(SimulatedState state, HostedPages pages) {
        this.state = state;
        this.pages = pages;
    }

    /// As the buyer's browser gets it.
    static ObjectNode asPublic(ObjectNode checkout, SimulatedMerchant merchant) {
        ObjectNode node = checkout.deepCopy().without(ONLY_THE_MERCHANTS);
        ObjectNode organization = SimulatedJson.MAPPER.valueToTree(merchant);
        node.set("organization", organization
                .putNull("avatar_url")
                .put("proration_behavior", "prorate")
                .put("allow_customer_updates", true));
        return node;
    }

    /// `buyer` is null if it is not known yet.
    ObjectNode of(Checkout checkout, Customer buyer, Payloads payloads) {
        Product product = SimulatedState.find(state.products, checkout.productId);
        Discount discount = checkout.discountId == null ? null : state.discounts.get(checkout.discountId);
        Customer.Address address = address(checkout, buyer);
        CheckoutAmounts amounts = CheckoutAmounts.of(checkout, product, discount, address != null);
        Instant trialEnd = checkout.trialEnd(checkout.createdAt);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", checkout.id.toString())
                .put("created_at", Rfc3339.format(checkout.createdAt))
                .put("modified_at", checkout.modifiedAt == null ? null : Rfc3339.format(checkout.modifiedAt));
        node.set("custom_field_data", json(checkout.customFieldData));
        node.put("payment_processor", "stripe")
                .put("status", checkout.status)
                .put("client_secret", checkout.clientSecret)
                .put("url", pages.checkout(checkout.clientSecret))
                .put("expires_at", Rfc3339.format(checkout.expiresAt))
                .put("success_url", successUrl(checkout))
                .put("return_url", checkout.returnUrl)
                .put("embed_origin", checkout.embedOrigin)
                .put("amount", amounts.price())
                .put("seats", checkout.seats)
                .put("min_seats", checkout.minSeats)
                .put("max_seats", checkout.maxSeats)
                .putNull("units")
                .putNull("min_units")
                .putNull("max_units")
                .put("discount_amount", amounts.discount())
                .put("net_amount", amounts.net())
                .put("tax_amount", amounts.tax())
                .put("tax_behavior", "exclusive")
                .put("total_amount", amounts.total())
                .put("currency", product.price().priceCurrency())
                .put("allow_trial", checkout.allowTrial)
                .put("active_trial_interval", checkout.trial ? checkout.activeTrialInterval : null)
                .put("active_trial_interval_count", checkout.trial ? checkout.activeTrialIntervalCount : null)
                .put("trial_end", trialEnd == null ? null : Rfc3339.format(trialEnd))
                .put("organization_id", product.organizationId().toString())
                .put("product_id", product.id().toString())
                .put("product_price_id", product.price().id().toString())
                .put("discount_id", discount == null ? null : discount.id().toString())
                .put("allow_discount_codes", checkout.allowDiscountCodes)
                .put("require_billing_address", checkout.requireBillingAddress)
                .put("is_discount_applicable", true)
                .put("is_free_product_price", amounts.price() == 0)
                .put("is_payment_required", amounts.isPaymentRequired())
                .put("is_payment_setup_required", product.isRecurring() && amounts.price() > 0)
                .put("is_payment_form_required", amounts.price() > 0
                        && (product.isRecurring() || amounts.isPaymentRequired()));
        putBuyer(node, checkout, buyer);
        boolean paid = List.of(Checkout.CONFIRMED, Checkout.SUCCEEDED).contains(checkout.status);
        node.put("payment_method_type", paid ? "card" : null);
        node.putObject("payment_processor_metadata").put("publishable_key", "pk_test_sandbox");
        putAddressFields(node, checkout.requireBillingAddress);
        node.put("trial_interval", checkout.trialInterval).put("trial_interval_count", checkout.trialIntervalCount);
        node.set("metadata", json(checkout.metadata));
        node.put("external_customer_id", checkout.externalCustomerId);
        putProducts(node, checkout, payloads);
        node.set("discount", discount == null
                ? null
                : payloads.discount(discount)
                        .retain("id", "name", "type", "duration", "duration_in_months", "basis_points", "amount",
                                "amounts",
                                "currency", "code"));
        node.put("subscription_id", checkout.subscriptionId == null ? null : checkout.subscriptionId.toString());
        node.putArray("attached_custom_fields");
        node.set("customer_metadata", json(checkout.customerMetadata));
        return node;
    }

    /// A new buyer has a name before it has an id: Polar makes the customer after the confirmation.
    private static void putBuyer(ObjectNode node, Checkout checkout, Customer buyer) {
        boolean known = buyer != null;
        node.put("customer_id", checkout.customerId == null ? null : checkout.customerId.toString())
                .put("is_business_customer", checkout.isBusinessCustomer)
                .put("customer_name", either(checkout.customerName, known ? buyer.name : null))
                .put("customer_email", known ? buyer.email : checkout.customerEmail)
                .put("customer_ip_address", either(checkout.customerIpAddress, "192.0.2.17"))
                .put("customer_billing_name", either(checkout.customerBillingName, known ? buyer.billingName : null));
        node.set("customer_billing_address", json(address(checkout, buyer)));
        node.put("customer_tax_id", checkout.customerTaxId)
                .put("locale", either(checkout.locale, known ? buyer.locale : null));
    }

    private static void putAddressFields(ObjectNode node, boolean complete) {
        String rest = complete ? "required" : "disabled";
        node.putObject("billing_address_fields")
                .put("country", "required")
                .put("state", "disabled")
                .put("city", complete ? rest : "optional")
                .put("postal_code", complete ? rest : "optional")
                .put("line1", rest)
                .put("line2", complete ? "optional" : rest);
    }

    private void putProducts(ObjectNode node, Checkout checkout, Payloads payloads) {
        ArrayNode products = node.putArray("products");
        ObjectNode prices = JsonNodeFactory.instance.objectNode();
        for (UUID id : checkout.products()) {
            Product product = SimulatedState.find(state.products, id);
            products.add(payloads.productInCheckout(product));
            ArrayNode offered = prices.putArray(id.toString());
            product.offered().forEach(price -> offered.add(payloads.price(price)));
        }
        Product chosen = SimulatedState.find(state.products, checkout.productId);
        node.set("product", payloads.productInCheckout(chosen));
        node.set("product_price", payloads.price(chosen.price()));
        node.set("prices", prices);
    }

    private String successUrl(Checkout checkout) {
        return checkout.successUrl == null
                ? pages.confirmation(checkout.clientSecret)
                : checkout.successUrl.replace("{CHECKOUT_ID}", checkout.id.toString());
    }

    private static Customer.Address address(Checkout checkout, Customer buyer) {
        return checkout.customerBillingAddress == null && buyer != null
                ? buyer.billingAddress
                : checkout.customerBillingAddress;
    }

    private static String either(String first, String otherwise) {
        return first == null ? otherwise : first;
    }

    private static JsonNode json(Object object) {
        return SimulatedJson.MAPPER.valueToTree(object);
    }
}
