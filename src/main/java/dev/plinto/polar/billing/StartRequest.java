package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The body of a request for a subscription of a free product.
///
/// @param body as sent
/// @param user who subscribes, as a service names them
record StartRequest(JsonNode body, Optional<String> organizationId, String productId, Optional<String> user,
        Optional<String> customerEmail) {

    private static final String PRODUCT = "product_id";
    private static final String USER = "user_id";
    private static final Set<String> FIELDS = Set.of("organization_id", PRODUCT, USER, "customer_email");
    private static final int LONGEST_ID = 500;

    /// Throws 400 `body-not-json` or 422 `body-invalid`.
    static StartRequest read(@Nullable String body) {
        Fields fields = new Fields(body == null ? "" : body, FIELDS);
        if (!fields.has(PRODUCT)) {
            fields.fault(PRODUCT, "must be there");
        }
        StartRequest request = new StartRequest(fields.body(), fields.organization("organization_id"),
                fields.text(PRODUCT, LONGEST_ID).orElse(""), fields.text(USER, LONGEST_ID),
                fields.email("customer_email"));
        fields.requireFaultless();
        return request;
    }

    /// Throws 403 `service-only` if a person names somebody else.
    void requireAllowedFor(Caller caller) {
        if (user.isPresent() && !(caller instanceof Caller.Service)) {
            throw new Problem("service-only", 403, "Only a service may send some of these fields",
                    "Nothing was done. Leave the fields out that fields names, or let your server call with a "
                            + "service's token.")
                    .with("fields", List.of(USER)).exception();
        }
    }

    /// Without the body and the buyer.
    @Override
    public String toString() {
        return "StartRequest[productId=" + productId + "]";
    }
}
