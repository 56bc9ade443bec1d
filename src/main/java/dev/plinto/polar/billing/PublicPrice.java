package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A price of a product as a pricing page needs it: Polar's object without what is the merchant's own, and with the
/// same fields for each `amount_type`.
final class PublicPrice {

    private static final List<String> OF_ALL = List.of("amount_type", "price_amount", "price_currency", "tax_behavior");
    /// The further ones by `amount_type`. One that is not known here has none, until it is added.
    private static final Map<String, List<String>> FURTHER = Map.of(
            "custom", List.of("minimum_amount", "maximum_amount", "preset_amount"),
            "seat_based", List.of("seat_tiers"),
            "unit_based", List.of("unit_amount", "tiers"),
            "metered_unit", List.of("unit_amount", "cap_amount", "meter_id"),
            "metered_tiers", List.of("tiers", "cap_amount", "meter_id"));
    /// Others were made for a single checkout.
    private static final String FROM_THE_CATALOGUE = "catalog";

    /// @param stored Polar's list
    static ArrayNode list(JsonNode stored) {
        ArrayNode prices = JsonNodeFactory.instance.arrayNode();
        stored.valueStream().filter(PublicPrice::isOffered).map(PublicPrice::of).forEach(prices::add);
        return prices;
    }

    private static boolean isOffered(JsonNode price) {
        return price.isObject() && !price.path("is_archived").asBoolean()
                && price.path("source").asText(FROM_THE_CATALOGUE).equals(FROM_THE_CATALOGUE);
    }

    private static ObjectNode of(JsonNode price) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.set("price_id", field(price, "id"));
        Stream.concat(OF_ALL.stream(), FURTHER.getOrDefault(price.path("amount_type").asText(), List.of()).stream())
                .forEach(name -> told.set(name, field(price, name)));
        return told;
    }

    private static JsonNode field(JsonNode price, String name) {
        JsonNode value = price.get(name);
        return value == null ? JsonNodeFactory.instance.nullNode() : value;
    }

    private PublicPrice() {}
}
