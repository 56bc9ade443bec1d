package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plinto.polar.BodyJson;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A body of Polar's as operators may see it: keys that have the form of a field's name, and only values that are known
/// to be no personal data. The lists here are allow-lists: a field that Polar adds stays masked until it is reviewed.
///
/// Booleans and nulls are shown. In the listed objects numbers are shown too, and texts whose key is listed and whose
/// form fits the key: ids, words such as a status, times, amounts. What a merchant or a customer fills in, such as
/// metadata, custom fields, addresses and a benefit's properties, is masked whole.
public final class MaskedPayload {

    public static final String TEXT = "(masked text)";
    public static final String NUMBER = "(masked number)";
    /// Followed by the key's place in its object.
    public static final String KEY = "(masked key ";

    static final Set<String> OBJECTS = Set.of("data", "customer", "member", "product", "products", "prices",
            "price", "product_price", "benefit", "benefits", "subscription", "order", "items", "discount", "meters",
            "pending_update", "dispute", "active_subscriptions", "granted_benefits", "active_meters");

    private static final Set<String> IDS = Set.of("id", "customer_id", "external_id", "external_customer_id",
            "organization_id", "subscription_id", "order_id", "product_id", "product_price_id", "benefit_id",
            "member_id", "discount_id", "checkout_id", "meter_id");
    /// Of a field, as programs name them. In metadata and the like a customer's address or name can be the key.
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9_]{0,63}");

    /// No space and no @, so neither a full name nor an e-mail address.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

    private static final Set<String> WORDS = Set.of("type", "api_version", "status", "role", "reason", "billing_reason",
            "currency", "price_currency", "recurring_interval", "trial_interval", "meter_interval", "visibility",
            "amount_type", "benefit_type", "source", "tax_behavior");
    private static final Pattern WORD = Pattern.compile("[a-z0-9_.-]{1,64}");

    private static final Pattern TIME_KEY = Pattern.compile("timestamp|\\w+_(at|start|end)");
    private static final Pattern TIME = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private static final Pattern AMOUNT_KEY = Pattern.compile("(\\w+_)?amount");
    private static final Pattern AMOUNT = Pattern.compile("-?\\d{1,20}(\\.\\d{1,20})?");

    /// Empty if the bytes are not JSON as [BodyJson] reads it.
    public static Optional<JsonNode> of(byte[] body) {
        return BodyJson.read(body)
                .filter(root -> !root.isMissingNode())
                .map(root -> masked("", root, root.isObject()));
    }

    /// @param isListed whether the value is in one of the listed objects
    private static JsonNode masked(String key, JsonNode value, boolean isListed) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                ObjectNode masked = JsonNodeFactory.instance.objectNode();
                int place = 0;
                for (Map.Entry<String, JsonNode> field : value.properties()) {
                    String name = field.getKey();
                    place++;
                    masked.set(NAME.matcher(name).matches() ? name : KEY + place + ")", masked(name, field.getValue(),
                            isListed && (!field.getValue().isContainerNode() || OBJECTS.contains(name))));
                }
                yield masked;
            }
            case ARRAY -> {
                ArrayNode masked = JsonNodeFactory.instance.arrayNode();
                value.forEach(item -> masked.add(masked(key, item, isListed)));
                yield masked;
            }
            case STRING -> isListed && isShown(key, value.textValue()) ? value : TextNode.valueOf(TEXT);
            case NUMBER -> isListed ? value : TextNode.valueOf(NUMBER);
            case BOOLEAN, NULL -> value;
            case BINARY, POJO, MISSING -> throw new IllegalStateException("no JSON text has a " + value.getNodeType());
        };
    }

    static boolean isShown(String key, String text) {
        return text.isEmpty()
                || IDS.contains(key) && ID.matcher(text).matches()
                || WORDS.contains(key) && WORD.matcher(text).matches()
                || TIME_KEY.matcher(key).matches() && TIME.matcher(text).matches()
                || AMOUNT_KEY.matcher(key).matches() && AMOUNT.matcher(text).matches();
    }

    private MaskedPayload() {}
}
