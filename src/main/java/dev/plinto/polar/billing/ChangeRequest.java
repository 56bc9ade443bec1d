package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Problem;
import dev.plinto.polar.billing.BillingConfig.Proration;
import dev.plinto.polar.caller.Caller;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The body of a request to change a subscription: its product or its seats.
///
/// @param body      as sent
/// @param productId there if the product is to change
/// @param proration with a product only: when the change is charged, in Polar's words
/// @param seats     there if their number is to change
record ChangeRequest(JsonNode body, Optional<String> productId, Optional<String> proration, Optional<Integer> seats) {

    private static final String PRODUCT = "product_id";
    private static final String PRORATION = "proration_behavior";
    private static final String SEATS = "seats";
    private static final Set<String> FIELDS = Set.of(PRODUCT, PRORATION, SEATS);
    private static final List<String> PRORATIONS = Arrays.stream(Proration.values()).map(Proration::wireName).toList();
    private static final int LONGEST_ID = 500;
    private static final int MOST_SEATS = 10_000;

    /// Throws 400 `body-not-json` or 422 `body-invalid`.
    static ChangeRequest read(String body) {
        Fields fields = new Fields(body, FIELDS);
        if (fields.has(PRODUCT) == fields.has(SEATS)) {
            fields.fault(PRODUCT, "must be there, or else seats; not both");
        }
        if (fields.has(PRORATION) && !fields.has(PRODUCT)) {
            fields.fault(PRORATION, "must come with product_id");
        }
        ChangeRequest request = new ChangeRequest(fields.body(), fields.text(PRODUCT, LONGEST_ID),
                fields.oneOf(PRORATION, PRORATIONS), fields.whole(SEATS, 1, MOST_SEATS));
        fields.requireFaultless();
        return request;
    }

    /// Throws 403 `service-only` if a person decides when a change is charged: the buyer is not the merchant.
    ChangeRequest requireAllowedFor(Caller caller) {
        if (proration.isPresent() && !(caller instanceof Caller.Service)) {
            throw new Problem("service-only", 403, "Only a service may send some of these fields",
                    "Nothing was done. Leave the fields out that fields names, or let your server call with a "
                            + "service's token.")
                    .with("fields", List.of(PRORATION)).exception();
        }
        return this;
    }

    /// Without the body.
    @Override
    public String toString() {
        return "ChangeRequest[productId=" + productId + ", seats=" + seats + "]";
    }
}
