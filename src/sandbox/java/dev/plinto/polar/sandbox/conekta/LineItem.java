package dev.plinto.polar.sandbox.conekta;

/// What is sold; `unitPrice` in cents.
public record LineItem(String name, long unitPrice, int quantity) {

    /// @throws Refusal (422) if there is nothing to pay for
    public LineItem {
        if (name == null || name.isBlank()) {
            throw Refusal.invalid("line_items.name", "name is required");
        }
        if (unitPrice < 0) {
            throw Refusal.invalid("line_items.unit_price", "unit_price is at least 0");
        }
        if (quantity < 1) {
            throw Refusal.invalid("line_items.quantity", "quantity is at least 1");
        }
    }
}
