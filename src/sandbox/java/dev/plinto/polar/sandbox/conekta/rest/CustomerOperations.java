package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import java.util.List;

final class CustomerOperations {

    /// The digits that are shown of any card: its token does not tell them.
    private static final String LAST4 = "4242";

    private final SimulatedConekta conekta;

    CustomerOperations(SimulatedConekta conekta) {
        this.conekta = conekta;
    }

    List<Operation> all() {
        return List.of(
                Operation.of("GET", "/customers",
                        request -> Listing.of(conekta, request, conekta.records().customers())),
                Operation.of("POST", "/customers", this::create),
                Operation.of("GET", "/customers/{id}", request -> conekta.records().customer(request.id())),
                Operation.of("PUT", "/customers/{id}", this::change),
                Operation.of("DELETE", "/customers/{id}", this::delete));
    }

    private ObjectNode create(Request request) {
        Fields body = request.body().without("plan_id", "subscription");
        List<Fields> sources = cards(body);
        String id = conekta.customers().create(
                body.required("name"), body.required("email"), body.required("phone"));
        save(id, body, sources);
        return conekta.records().customer(id);
    }

    private ObjectNode change(Request request) {
        Fields body = request.body().without("plan_id", "subscription", "default_payment_source_id");
        List<Fields> sources = cards(body);
        conekta.customers().change(request.id(), body.text("name").orElse(null), body.text("email").orElse(null),
                body.text("phone").orElse(null));
        save(request.id(), body, sources);
        return conekta.records().customer(request.id());
    }

    /// Answered with the customer as it was.
    private ObjectNode delete(Request request) {
        ObjectNode deleted = conekta.records().customer(request.id());
        conekta.customers().delete(request.id());
        return deleted;
    }

    private void save(String id, Fields body, List<Fields> cards) {
        body.text("custom_reference").ifPresent(reference -> conekta.customers().setCustomReference(id, reference));
        body.object("metadata").ifPresent(metadata -> conekta.customers().setMetadata(id, metadata.json()));
        cards.forEach(card -> conekta.customers().addCard(id, LAST4));
    }

    private static List<Fields> cards(Fields body) {
        List<Fields> sources = body.objects("payment_sources");
        sources.forEach(source -> {
            if (!source.required("type").equals("card")) {
                throw source.wrong("type", "card, at the simulated Conekta");
            }
            source.required("token_id");
        });
        return sources;
    }
}
