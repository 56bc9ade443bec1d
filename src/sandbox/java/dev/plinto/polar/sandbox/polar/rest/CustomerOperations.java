package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.CustomerRegister;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// What can be done with customers, by either of their ids.
final class CustomerOperations {

    private final SimulatedPolar polar;
    private final CustomerRegister customers;

    CustomerOperations(SimulatedPolar polar) {
        this.polar = polar;
        customers = polar.customerRegister();
    }

    List<Operation> all() {
        return Stream.of(
                Stream.of(
                        Operation.of("POST", "/customers/", this::create),
                        Operation.of("GET", "/customers/export", this::export),
                        Operation.of("GET", "/customers/external/{external_id}",
                                request -> Answer.ok(customers.json(external(request.onlyWith()))))),
                NamedCustomer.both(named -> Operation.of(
                        "PATCH", named.path(), request -> update(request.onlyWith(), named))),
                NamedCustomer.both(named -> Operation.of("DELETE", named.path(), request -> delete(request, named))),
                NamedCustomer.both(named -> Operation.of("GET", named.path() + "/state",
                        request -> Answer.ok(customers.stateJson(named.find(request.onlyWith(), customers))))),
                NamedCustomer.both(named -> Operation.of("GET", named.path() + "/payment-methods",
                        request -> paymentMethods(request, named))))
                .flatMap(operations -> operations)
                .toList();
    }

    private Answer create(Request request) {
        UUID customer = customers.create(CustomerFields.ofCreation(request.onlyWith().body()));
        return Answer.created(customers.json(customer));
    }

    private Answer export(Request request) {
        String merchant = polar.catalogue().merchant().toString();
        boolean others = request.onlyWith("organization_id").query("organization_id")
                .filter(organization -> !organization.equals(merchant)).isPresent();
        if (others) {
            throw InvalidRequest.query("organization_id", "value_error",
                    request.query("organization_id").orElseThrow(), "The simulated Polar has one organization only");
        }
        return PolarAnswers.csv(customers.export());
    }

    private Answer update(Request request, NamedCustomer named) {
        UUID customer = named.find(request, customers);
        ObjectNode fields = CustomerFields.ofUpdate(request.body(), named.byExternalId());
        customers.update(customer, fields);
        return Answer.ok(customers.json(customer));
    }

    private Answer delete(Request request, NamedCustomer named) {
        boolean anonymize = request.onlyWith("anonymize").query("anonymize")
                .map(value -> Filter.flagOf("anonymize", value))
                .orElse(false);
        polar.customers().delete(named.find(request, customers), anonymize);
        return Answer.nothing();
    }

    private Answer paymentMethods(Request request, NamedCustomer named) {
        UUID customer = named.find(request, customers);
        Stream<ListedObject> methods = polar.customerRecords().paymentMethods(customer);
        return Answer.ok(new Collection(
                request.call().path(), records -> methods, List.of(), false, List.of("created_at"), false)
                .page(polar.records(), request.call()));
    }

    private UUID external(Request request) {
        return customers.withExternalId(request.path("external_id")).orElseThrow(PolarAnswers::unknownResource);
    }
}
