package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/// One of Polar's objects with null for everything that can tell of a person, wherever a customer, a member or a seat
/// is embedded. What stays is known to tell of none, by the lists of [MaskedPayload]: a field that Polar adds is null
/// until it is reviewed. What the merchant made, such as products and benefits, stays whole.
final class ImpersonalObject {

    private static final Set<String> OF_THE_MERCHANT = Set.of("product", "products", "prices", "price", "product_price",
            "benefit", "benefits", "meter", "discount");
    private static final Set<String> PERSONS = Set.of("member", "owner", "user");
    /// Our organization, whatever its form.
    private static final Set<String> ORGANIZATION = Set.of("external_id", "external_customer_id");
    private static final Set<String> IN_METADATA = Set.of("organization_id", "plinto_request_id");
    /// Beside those that operators may see.
    private static final Set<String> TEXTS = Set.of("invoice_number");

    static JsonNode of(PolarObject.Kind kind, JsonNode object) {
        return switch (kind) {
            case PRODUCT, METER -> object;
            case MEMBER -> without("member", object);
            case CUSTOMER, SUBSCRIPTION, GRANT, ORDER, CHECKOUT, SEAT, CUSTOMER_METER -> without("", object);
        };
    }

    private static JsonNode without(String name, JsonNode object) {
        ObjectNode left = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            left.set(field.getKey(), left(name, field.getKey(), field.getValue()));
        }
        return left;
    }

    private static JsonNode left(String object, String key, JsonNode value) {
        if (OF_THE_MERCHANT.contains(key)) {
            return value;
        }
        return switch (value.getNodeType()) {
            case OBJECT -> key.equals("metadata")
                    ? ((ObjectNode) value).deepCopy().retain(IN_METADATA)
                    : MaskedPayload.OBJECTS.contains(key) ? without(key, value) : NullNode.instance;
            case ARRAY -> {
                if (!MaskedPayload.OBJECTS.contains(key)) {
                    yield NullNode.instance;
                }
                ArrayNode items = JsonNodeFactory.instance.arrayNode();
                value.forEach(item -> items.add(left(object, key, item)));
                yield items;
            }
            case STRING -> isKept(object, key, value.textValue()) ? value : NullNode.instance;
            case NUMBER, BOOLEAN, NULL -> value;
            case BINARY, POJO, MISSING -> throw new IllegalStateException("no JSON text has a " + value.getNodeType());
        };
    }

    private static boolean isKept(String object, String key, String text) {
        return ORGANIZATION.contains(key)
                ? !PERSONS.contains(object)
                : TEXTS.contains(key) || MaskedPayload.isShown(key, text);
    }

    private ImpersonalObject() {}
}
