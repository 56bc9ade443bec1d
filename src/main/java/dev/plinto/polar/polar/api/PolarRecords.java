package dev.plinto.polar.polar.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.polar.Payload;
import dev.plinto.polar.polar.api.Polar.Page;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What Polar has of an organization, as Polar writes it, for whoever wants to know what is held. Fields are named here
/// one by one: what describes the merchant, or is told in the record elsewhere, is left out. Each call blocks for one
/// organization, whose user waits, and throws [PolarFailure] if Polar does not answer or refuses.
@ApplicationScoped
public class PolarRecords {

    private static final List<String> OF_CUSTOMER = List.of("id", "external_id", "type", "created_at", "modified_at",
            "email", "email_verified", "name", "billing_name", "billing_address", "tax_id", "locale", "avatar_url",
            "metadata");
    private static final List<String> OF_ORDER = List.of("id", "created_at", "modified_at", "status", "description",
            "billing_reason", "currency", "subtotal_amount", "discount_amount", "net_amount", "tax_amount",
            "total_amount", "applied_balance_amount", "due_amount", "refunded_amount", "refunded_tax_amount",
            "billing_name", "billing_address", "invoice_number", "is_invoice_generated", "receipt_number", "seats",
            "product_id", "discount_id", "subscription_id", "checkout_id", "items", "metadata", "custom_field_data");

    private final PolarCalls calls;

    PolarRecords(PolarCalls calls) {
        this.calls = calls;
    }

    /// What Polar has of one object.
    ///
    /// @param json with personal data
    public record Fields(String id, ObjectNode json) {

        private static Fields of(Payload object, List<String> names) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            names.forEach(name -> json.set(name,
                    Objects.requireNonNullElse(object.node().get(name), JsonNodeFactory.instance.nullNode())));
            return new Fields(object.requiredId("id"), json);
        }

        /// Without the fields.
        @Override
        public String toString() {
            return "Fields[id=" + id + "]";
        }
    }

    /// The customer whose external id is the organization; empty if there is none.
    public Optional<Dated<Fields>> customer(Purpose.ForOrganization caller) throws InterruptedException {
        String organization = caller.organization();
        return calls.find(caller, Operation.FIND_CUSTOMER, "external_id", organization,
                api -> api.readCustomerWithExternalId(organization),
                answer -> Answered.itself(answer, "external_id", organization,
                        customer -> Fields.of(customer, OF_CUSTOMER)).object());
    }

    /// One page of at most 100 of the customer's orders, oldest first, without those of another organization; empty if
    /// Polar cannot have such a customer.
    ///
    /// @param page from 1
    public Optional<Dated<Page<Fields>>> orders(Purpose.ForOrganization caller, String customerId, int page)
            throws InterruptedException {
        return calls.find(caller, Operation.LIST_ORDERS_OF_CUSTOMER, "customer_id", customerId,
                api -> api.listOrdersOfCustomer(customerId, "created_at", Polar.PAGE, page), answer -> {
                    Page<Payload> found = Page.of(answer,
                            order -> Answered.itself(order, "customer_id", customerId, itself -> itself).object());
                    return new Page<>(found.items().stream()
                            .filter(order -> isOf(caller.organization(), order))
                            .map(order -> Fields.of(order, OF_ORDER)).toList(), found.last());
                });
    }

    /// One customer may buy for several organizations; an order that names none is the customer's.
    private static boolean isOf(String organization, Payload order) {
        return order.object("metadata").map(metadata -> metadata.node().path("organization_id"))
                .filter(named -> named.isTextual() && !named.textValue().isBlank() || named.isNumber())
                .map(JsonNode::asText).filter(named -> !named.equals(organization)).isEmpty();
    }
}
