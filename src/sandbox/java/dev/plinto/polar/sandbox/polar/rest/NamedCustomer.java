package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.CustomerRegister;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/// The two ways in which a path names a customer: by Polar's id, or by the merchant's.
record NamedCustomer(String path, boolean byExternalId) {

    /// The operation of each of the two.
    static Stream<Operation> both(Function<NamedCustomer, Operation> operation) {
        return Stream.of(
                new NamedCustomer("/customers/{id}", false),
                new NamedCustomer("/customers/external/{external_id}", true))
                .map(operation);
    }

    UUID find(Request request, CustomerRegister customers) {
        return (byExternalId
                ? customers.withExternalId(request.path("external_id"))
                : customers.withId(request.id("id")))
                .orElseThrow(PolarAnswers::unknownResource);
    }
}
