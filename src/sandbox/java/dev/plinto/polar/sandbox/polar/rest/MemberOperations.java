package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.CustomerMembers;
import dev.plinto.polar.sandbox.polar.ListedObject;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// What can be done with the members of a customer: both by Polar's ids, or both by the merchant's.
final class MemberOperations {

    private final SimulatedPolar polar;
    private final CustomerMembers members;

    MemberOperations(SimulatedPolar polar) {
        this.polar = polar;
        members = polar.customerMembers();
    }

    List<Operation> all() {
        return Stream.of(
                NamedCustomer.both(named -> Operation.of(
                        "GET", named.path() + "/members", request -> list(request, named))),
                NamedCustomer.both(named -> Operation.of(
                        "POST", named.path() + "/members", request -> create(request, named))),
                NamedCustomer.both(named -> Operation.of(
                        "GET", member(named), request -> Answer.ok(members.json(find(request, named))))),
                NamedCustomer.both(named -> Operation.of("PATCH", member(named), request -> update(request, named))),
                NamedCustomer.both(named -> Operation.of("DELETE", member(named), request -> delete(request, named))))
                .flatMap(operations -> operations)
                .toList();
    }

    private Answer list(Request request, NamedCustomer named) {
        UUID customer = named.find(request, polar.customerRegister());
        Stream<ListedObject> all = polar.customerRecords().members(customer);
        return Answer.ok(new Collection(
                request.call().path(), records -> all, List.of(Filter.oneOf("role", List.of("owner",
                        "billing_manager", "member"))),
                false, List.of("created_at"), false)
                .page(polar.records(), request.call()));
    }

    private Answer create(Request request, NamedCustomer named) {
        UUID customer = named.find(request.onlyWith(), polar.customerRegister());
        Body body = request.body().require("email");
        body.text("external_id");
        UUID member = members.create(customer, checked(body, "member", "billing_manager"));
        return Answer.created(members.json(member));
    }

    private Answer update(Request request, NamedCustomer named) {
        UUID member = find(request, named);
        members.update(member, checked(request.body(), "member", "billing_manager", "owner"));
        return Answer.ok(members.json(member));
    }

    private Answer delete(Request request, NamedCustomer named) {
        members.delete(find(request, named));
        return Answer.nothing();
    }

    private static ObjectNode checked(Body body, String... roles) {
        Forms.email(body, "email");
        body.text("name", 0, CustomerFields.LONGEST_NAME);
        body.oneOf("role", List.of(roles));
        body.check();
        ObjectNode fields = body.json().deepCopy();
        List.of("email", "role").forEach(field -> {
            if (fields.path(field).isNull()) {
                fields.remove(field);
            }
        });
        return fields;
    }

    private static String member(NamedCustomer named) {
        return named.path() + (named.byExternalId() ? "/members/{member_external_id}" : "/members/{member_id}");
    }

    private UUID find(Request request, NamedCustomer named) {
        UUID customer = named.find(request.onlyWith(), polar.customerRegister());
        return (named.byExternalId()
                ? members.withExternalId(customer, request.path("member_external_id"))
                : members.withId(customer, request.id("member_id")))
                .orElseThrow(PolarAnswers::unknownResource);
    }
}
