package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.rest.LocalApi;
import java.util.HashMap;
import java.util.Map;

/// Why Polar's API has refused a form: by the form's fields, and about the whole (null if there is nothing to say).
record Problems(Map<String, String> fields, String general) {

    static final Problems NONE = new Problems(Map.of(), null);

    /// The form's names of Polar's fields.
    private static final Map<String, String> NAMES = Map.of(
            "customer_email", "email", "customer_name", "name", "customer_billing_address", "country",
            "discount_code", "discount_code", "discount_id", "discount_code", "seats", "seats", "email", "seat_email");

    static Problems of(LocalApi.Result refused) {
        JsonNode detail = refused.body().path("detail");
        if (!detail.isArray()) {
            return new Problems(Map.of(), detail.asText("Polar has refused this."));
        }
        Map<String, String> fields = new HashMap<>();
        StringBuilder general = new StringBuilder();
        detail.forEach(one -> {
            String name = NAMES.get(one.path("loc").path(1).asText());
            if (name == null) {
                general.append(one.path("msg").asText().replaceFirst("\\.?$", ". "));
            } else {
                fields.put(name, one.path("msg").asText());
            }
        });
        return new Problems(fields, general.isEmpty() ? null : general.toString().strip());
    }

    String of(String field) {
        return fields.get(field);
    }
}
