package dev.plinto.polar.sandbox.polar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// The lists of one customer.
public final class CustomerRecords {

    private final SimulatedState state;
    private final Payloads payloads;
    private final Members members;

    CustomerRecords(SimulatedState state, Payloads payloads, Members members) {
        this.state = state;
        this.payloads = payloads;
        this.members = members;
    }

    /// The card of the first payment, if there was one.
    public Stream<ListedObject> paymentMethods(UUID id) {
        Customer customer = SimulatedState.find(state.customers, id);
        return Stream.ofNullable(customer.defaultPaymentMethodId).map(method -> new ListedObject(
                method, Map.of("created_at", customer.createdAt), () -> card(method, customer)));
    }

    /// Without deleted members.
    public Stream<ListedObject> members(UUID customer) {
        return members.of(customer).stream().map(member -> new ListedObject(
                member.id(),
                Map.of("created_at", member.createdAt(), "email", member.email(), "role", member.role()),
                () -> payloads.member(member.id())));
    }

    private static ObjectNode card(UUID id, Customer customer) {
        ObjectNode card = JsonNodeFactory.instance.objectNode()
                .put("id", id.toString())
                .put("created_at", Rfc3339.format(customer.createdAt))
                .putNull("modified_at")
                .put("processor", "stripe")
                .put("customer_id", customer.id.toString())
                .put("type", "card")
                .put("is_default", true);
        card.putObject("method_metadata")
                .put("brand", "visa")
                .put("last4", "4242")
                .put("exp_month", 12)
                .put("exp_year", 2034)
                .putNull("wallet");
        return card;
    }
}
