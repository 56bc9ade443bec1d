package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.PlainText;
import dev.plinto.polar.caller.Caller;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The body of a request for a checkout, checked by itself: a product need not exist, nor a URL be allowed
/// ([ReturnUrls]).
///
/// @param products       at least one; the buyer chooses if there are more
/// @param country        of two capital letters
/// @param currency       of three small letters, as Polar writes it
/// @param metadata       without the keys that are ours
/// @param customFields   answers to the questions that the product asks its buyers
/// @param allowDiscounts whether the buyer may type a discount code
public record CheckoutRequest(List<String> products, Optional<String> organizationId, Optional<String> successUrl,
        Optional<String> returnUrl, Optional<String> embedOrigin, Optional<String> customerEmail,
        Optional<String> customerName, Optional<String> customerPhone, Optional<String> userId,
        Optional<String> country, Optional<String> currency, Optional<Integer> seats, Optional<Integer> units,
        Optional<Boolean> allowDiscounts, Optional<Trial> trial, Optional<String> discountId,
        Optional<String> locale, Map<String, JsonNode> metadata, Map<String, JsonNode> customFields) {

    private static final Set<String> FIELDS = Set.of("product_id", "products", "organization_id", "success_url",
            "return_url", "embed_origin", "customer_email", "customer_name", "customer_phone", "user_id", "country",
            "currency", "seats", "units", "allow_discount_codes", "trial", "discount_id", "locale", "metadata",
            "custom_field_data");

    private static final int MOST_PRODUCTS = 20;
    private static final int MOST_SEATS = 10_000;
    private static final int MOST_UNITS = 1_000_000;
    private static final int LONGEST_TRIAL = 1_000;
    private static final int LONGEST_ID = 500;
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_URL = 8_000; // that it is too long, the check of URLs says
    private static final int LONGEST_NUMBER = 500;
    private static final int MOST_CUSTOM_FIELDS = 50;

    private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ().-]{3,30}");
    private static final Pattern CURRENCY = Pattern.compile("[a-z]{3}");

    public CheckoutRequest {
        products = List.copyOf(products);
        metadata = Map.copyOf(metadata);
        customFields = Map.copyOf(customFields);
    }

    /// Throws 400 `body-not-json`, or 422 `body-invalid` with every fault in `errors`.
    public static CheckoutRequest read(String body) {
        Fields fields = new Fields(body, FIELDS);
        CheckoutRequest request = new CheckoutRequest(products(fields),
                fields.organization("organization_id"),
                fields.text("success_url", LONGEST_URL),
                fields.text("return_url", LONGEST_URL),
                fields.text("embed_origin", LONGEST_URL),
                fields.email("customer_email"),
                fields.text("customer_name", LONGEST_NAME),
                fields.text("customer_phone", text -> PHONE.matcher(text).matches(), "must be a telephone number"),
                fields.text("user_id", LONGEST_ID),
                fields.country("country"),
                fields.text("currency", text -> CURRENCY.matcher(text).matches(),
                        "must be a currency of ISO 4217 in small letters, such as usd"),
                fields.whole("seats", 1, MOST_SEATS),
                fields.whole("units", 1, MOST_UNITS),
                fields.flag("allow_discount_codes"),
                trial(fields),
                fields.text("discount_id", LONGEST_ID),
                fields.locale("locale"),
                Metadata.read(fields, "metadata"),
                customFields(fields));
        fields.requireFaultless();
        return request;
    }

    /// Throws 403 `service-only` with the fields that a person may not send: the buyer is not the merchant.
    public void requireAllowedFor(Caller caller) {
        ServiceOnly.require(caller, Stream.of(discountId.map(id -> "discount_id"),
                trial.filter(Trial.Lasting.class::isInstance).map(lasting -> "trial"),
                userId.map(id -> "user_id")).flatMap(Optional::stream).toList());
    }

    private static List<String> products(Fields fields) {
        if (fields.has("product_id") == fields.has("products")) {
            fields.fault("product_id", "must be there, or else products; not both");
            return List.of();
        }
        if (fields.has("product_id")) {
            return fields.text("product_id", LONGEST_ID).stream().toList();
        }
        JsonNode ids = fields.value("products");
        Set<String> products = new LinkedHashSet<>();
        ids.elements().forEachRemaining(id -> {
            if (id.isTextual() && id.textValue().length() <= LONGEST_ID && PlainText.isOne(id.textValue())) {
                products.add(id.textValue());
            }
        });
        if (!ids.isArray() || products.isEmpty() || products.size() > MOST_PRODUCTS || products.size() < ids.size()) {
            fields.fault("products", "must be a list of 1 to " + MOST_PRODUCTS + " different ids");
            return List.of();
        }
        return new ArrayList<>(products);
    }

    private static Optional<Trial> trial(Fields fields) {
        JsonNode trial = fields.value("trial");
        if (!fields.has("trial")) {
            return Optional.empty();
        }
        if (trial.isBoolean() && !trial.booleanValue()) {
            return Optional.of(new Trial.None());
        }
        Optional<Trial.Interval> interval = Arrays.stream(Trial.Interval.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(trial.path("interval").textValue()))
                .findFirst();
        JsonNode count = trial.path("count");
        if (trial.size() != 2 || interval.isEmpty() || !Fields.isWhole(count, 1, LONGEST_TRIAL)) {
            fields.fault("trial", "must be false, or an object with the interval day, week, month or year and a count "
                    + "from 1 to " + LONGEST_TRIAL);
            return Optional.empty();
        }
        return interval.map(one -> new Trial.Lasting(one, count.intValue()));
    }

    private static Map<String, JsonNode> customFields(Fields fields) {
        Map<String, JsonNode> data = new LinkedHashMap<>();
        JsonNode values = fields.value("custom_field_data");
        if (!fields.has("custom_field_data")) {
            return data;
        }
        values.properties().forEach(entry -> data.put(entry.getKey(), entry.getValue()));
        if (!values.isObject() || data.size() > MOST_CUSTOM_FIELDS || !data.entrySet().stream()
                .allMatch(entry -> entry.getKey().length() <= LONGEST_ID && PlainText.isOne(entry.getKey())
                        && isPlain(entry.getValue()))) {
            fields.fault("custom_field_data", "must be an object of at most " + MOST_CUSTOM_FIELDS
                    + " texts, numbers, true, false or null, without control characters");
        }
        return data;
    }

    private static boolean isPlain(JsonNode value) {
        return value.isBoolean() || value.isNull() || Fields.isNumber(value, LONGEST_NUMBER)
                || value.isTextual() && (value.textValue().isEmpty()
                        || value.textValue().length() <= LONGEST_URL && PlainText.isOne(value.textValue()));
    }

    /// Without what the buyer is called and where they live.
    @Override
    public String toString() {
        return "CheckoutRequest[" + String.join(",", products) + "]";
    }
}
