package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// What is common to the requests by which the merchant changes what it has.
final class Merchant {

    static final List<String> VISIBILITIES = List.of("draft", "private", "public");

    private Merchant() {}

    /// Refuses fields that Polar knows and the simulation cannot apply, and the organization, which the token states.
    static Body readable(Body body, String... notApplied) {
        if (body.has("organization_id") && !body.node("organization_id").isNull()) {
            body.refuse("organization_id", "organization_token",
                    "Setting organization_id is disallowed when using an organization token.");
        }
        for (String field : notApplied) {
            JsonNode value = body.node(field);
            if (!value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                body.refuse(field, "not_simulated", "The simulated Polar cannot apply this field");
            }
        }
        return body;
    }

    /// A text that null, too, changes: to none.
    static String changed(Body body, String field, String before) {
        return body.has(field) ? body.text(field).orElse(null) : before;
    }

    static Integer changed(Body body, String field, int least, int most, Integer before) {
        return body.has(field) ? body.number(field, least, most).orElse(null) : before;
    }
}
