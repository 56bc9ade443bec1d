package dev.plinto.polar.sandbox.conekta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/// What a merchant asks for: line items, in cents of `currency`, that a buyer pays on a hosted page. `metadata` may be
/// null.
public record OrderRequest(
        String currency, Buyer buyer, List<LineItem> lineItems, CheckoutTerms checkout, ObjectNode metadata) {

    private static final int METADATA_KEYS = 100;
    private static final int METADATA_TEXT = 249;

    /// @throws Refusal (422) if a field breaks Conekta's rules
    public OrderRequest {
        if (!Set.of("MXN", "USD").contains(currency)) {
            throw Refusal.invalid("currency", "currency is MXN or USD");
        }
        lineItems = List.copyOf(lineItems);
        if (lineItems.isEmpty()) {
            throw Refusal.invalid("line_items", "line_items has at least one item");
        }
        checkMetadata(metadata);
    }

    /// One thing for so many cents (MXN).
    public static OrderRequest of(String customerId, String item, long amount, CheckoutTerms checkout) {
        return new OrderRequest(
                "MXN", new Buyer.Known(customerId), List.of(new LineItem(item, amount, 1)), checkout, null);
    }

    /// Who pays.
    public sealed interface Buyer {

        record Known(String customerId) implements Buyer {}

        record New(String name, String email, String phone) implements Buyer {}
    }

    /// @throws Refusal (422) if there are more than 100 keys, or a value that is neither a scalar nor a short text
    static void checkMetadata(ObjectNode metadata) {
        if (metadata == null) {
            return;
        }
        if (metadata.size() > METADATA_KEYS) {
            throw Refusal.invalid("metadata", "metadata has at most 100 properties");
        }
        for (JsonNode value : metadata) {
            if (!value.isValueNode() || value.isTextual() && value.textValue().length() > METADATA_TEXT) {
                throw Refusal.invalid("metadata", "values are scalars, texts of at most 249 characters");
            }
        }
    }
}
