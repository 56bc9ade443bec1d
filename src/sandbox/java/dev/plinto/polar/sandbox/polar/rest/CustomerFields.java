package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// The fields of a customer in a request, in the form that Polar's schema demands. A field that Polar does not have is
/// left out, as there.
final class CustomerFields {

    static final int LONGEST_NAME = 256;

    private static final List<String> ALWAYS = List.of(
            "email", "name", "billing_address", "tax_id", "locale", "metadata", "type");
    /// Null means the default, or no change: an address does not become null again.
    private static final List<String> NEVER_NULL = List.of("email", "metadata", "type", "billing_address", "owner");

    private CustomerFields() {}

    static ObjectNode ofCreation(Body body) {
        if (!body.node("type").asText().equals("team")) {
            body.require("email");
        }
        body.object("owner").ifPresent(owner -> {
            Forms.email(owner.require("email"), "email");
            owner.text("name", 0, LONGEST_NAME);
            owner.text("external_id");
        });
        body.text("external_id");
        if (body.json().hasNonNull("organization_id")) {
            body.refuse("organization_id", "value_error",
                    "organization_id is disallowed when using an organization token.");
        }
        return checked(body, "owner", "external_id");
    }

    /// An external id can be set only by Polar's own id.
    static ObjectNode ofUpdate(Body body, boolean byExternalId) {
        if (byExternalId) {
            return checked(body);
        }
        body.text("external_id");
        return checked(body, "external_id");
    }

    private static ObjectNode checked(Body body, String... further) {
        body.oneOf("type", List.of("individual", "team"));
        Forms.email(body, "email");
        body.text("name", 0, LONGEST_NAME);
        Forms.address(body, "billing_address");
        body.text("tax_id");
        body.text("locale");
        body.metadata("metadata");
        body.check();
        List<String> known = new ArrayList<>(ALWAYS);
        known.addAll(List.of(further));
        ObjectNode fields = body.json().deepCopy().retain(known);
        NEVER_NULL.stream().filter(field -> fields.path(field).isNull()).toList().forEach(fields::remove);
        return fields;
    }
}
