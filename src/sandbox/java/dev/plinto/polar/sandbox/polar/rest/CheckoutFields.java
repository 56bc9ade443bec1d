package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The fields of a checkout in a request, in the form that Polar's schema demands. A field that Polar does not have is
/// left out, as there; one that only the simulation lacks is refused.
final class CheckoutFields {

    private static final int MOST_SEATS = 10_000;
    private static final int MOST_TRIAL_INTERVALS = 1_000;
    private static final int LONGEST_URL = 2_083;
    private static final int LENGTH_OF_CURRENCY = 3;
    private static final int LONGEST_NAME = 256;

    /// Null means the default, or no change.
    private static final List<String> NEVER_NULL = List.of(
            "is_business_customer", "allow_discount_codes", "require_billing_address", "allow_trial", "metadata",
            "customer_metadata", "custom_field_data", "product_id");
    private static final List<String> OF_EVERYBODY = List.of(
            "custom_field_data", "seats", "is_business_customer", "customer_name", "customer_email",
            "customer_billing_name", "customer_billing_address", "customer_tax_id", "locale", "allow_trial", "amount");
    private static final List<String> OF_THE_MERCHANT = List.of(
            "trial_interval", "trial_interval_count", "metadata", "customer_metadata", "discount_id",
            "allow_discount_codes", "require_billing_address", "customer_ip_address", "success_url", "return_url",
            "embed_origin", "currency");
    private static final List<String> OF_CREATION = List.of(
            "min_seats", "max_seats", "customer_id", "external_customer_id");

    private CheckoutFields() {}

    static ObjectNode ofCreation(Body body) {
        body.number("min_seats", 1, MOST_SEATS);
        body.number("max_seats", 1, MOST_SEATS);
        body.id("customer_id");
        body.text("external_customer_id");
        notSimulated(body, "subscription_id", "prices", "product_price_id");
        return ofMerchant(body, OF_CREATION);
    }

    static ObjectNode ofUpdate(Body body) {
        body.id("product_id");
        notSimulated(body, "product_price_id");
        return ofMerchant(body, List.of("product_id"));
    }

    /// A buyer knows a discount by its code, and can only do without a trial.
    static ObjectNode ofBuyer(Body body) {
        body.id("product_id");
        body.text("discount_code");
        body.flag("allow_trial").filter(allowed -> allowed).ifPresent(
                allowed -> body.refuse("allow_trial", "literal_error", "Input should be False"));
        notSimulated(body, "product_price_id");
        return ofEverybody(body, List.of("product_id", "discount_code"));
    }

    private static ObjectNode ofMerchant(Body body, List<String> further) {
        body.oneOf("trial_interval", List.of("day", "week", "month", "year"));
        body.number("trial_interval_count", 1, MOST_TRIAL_INTERVALS);
        body.metadata("metadata");
        body.metadata("customer_metadata");
        body.id("discount_id");
        body.flag("allow_discount_codes");
        body.flag("require_billing_address");
        body.flag("allow_trial");
        body.text("customer_ip_address")
                .filter(address -> !address.matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*"))
                .ifPresent(address -> body.refuse(
                        "customer_ip_address", "ip_any_address", "value is not a valid IPv4 or IPv6 address"));
        Forms.url(body, "success_url", LONGEST_URL);
        Forms.url(body, "return_url", LONGEST_URL);
        body.text("embed_origin");
        body.text("currency", LENGTH_OF_CURRENCY, LENGTH_OF_CURRENCY);
        return ofEverybody(body, Stream.concat(OF_THE_MERCHANT.stream(), further.stream()).toList());
    }

    private static ObjectNode ofEverybody(Body body, List<String> further) {
        body.object("custom_field_data");
        body.number("amount", 0, Integer.MAX_VALUE);
        body.number("seats", 1, MOST_SEATS);
        body.flag("is_business_customer");
        body.text("customer_name", 0, LONGEST_NAME);
        Forms.email(body, "customer_email");
        body.text("customer_billing_name");
        Forms.address(body, "customer_billing_address");
        body.text("customer_tax_id");
        body.text("locale");
        notSimulated(body, "units", "min_units", "max_units");
        body.check();
        List<String> known = new ArrayList<>(OF_EVERYBODY);
        known.addAll(further);
        ObjectNode fields = body.json().deepCopy().retain(known);
        NEVER_NULL.stream().filter(field -> fields.path(field).isNull()).toList().forEach(fields::remove);
        return fields;
    }

    private static void notSimulated(Body body, String... fields) {
        for (String field : fields) {
            if (body.json().hasNonNull(field)) {
                body.refuse(field, "value_error", "The simulated Polar does not have this field, and ignores none");
            }
        }
    }
}
