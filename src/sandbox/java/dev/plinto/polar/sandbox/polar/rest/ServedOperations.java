package dev.plinto.polar.sandbox.polar.rest;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The operations of Polar's API that the simulation serves. One that only Polar has is answered 501, which Polar never
/// sends, so that nobody takes it for an answer of Polar's.
final class ServedOperations {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PATCH", "DELETE");
    /// The first part of the paths of those that are not, or only partly, served.
    private static final Set<String> ONLY_POLARS = Set.of(
            "benefit-grants", "benefits", "checkout-links", "checkouts", "custom-fields", "customer-meters",
            "customer-portal", "customer-seats", "customer-sessions", "customers", "discounts", "disputes",
            "event-types", "events", "files", "license-keys", "member-sessions", "members", "meters", "metrics",
            "oauth2", "orders", "organizations", "payments", "products", "refunds", "subscriptions");

    private static final List<Operation> ALL = Stream.concat(
            Collection.ALL.stream().flatMap(ServedOperations::reads),
            Stream.of(
                    Operation.of("POST", "/webhooks/endpoints"),
                    Operation.of("PATCH", "/webhooks/endpoints/{id}"),
                    Operation.of("DELETE", "/webhooks/endpoints/{id}"),
                    Operation.of("PATCH", "/webhooks/endpoints/{id}/secret"),
                    Operation.of("POST", "/webhooks/events/{id}/redeliver")))
            .toList();

    private ServedOperations() {}

    /// The answer to an operation that is not served; empty if it is.
    static Optional<Answer> refusal(Call call) {
        if (ALL.stream().anyMatch(operation -> operation.isAt(call) && operation.method.equals(call.method()))) {
            return Optional.empty();
        }
        if (METHODS.contains(call.method()) && ONLY_POLARS.contains(call.path().split("/", -1)[1])) {
            return Optional.of(Answer.notServed(
                    call.method() + " /v1" + call.path(), ALL.stream().map(Operation::toString).toList()));
        }
        boolean known = ALL.stream().anyMatch(operation -> operation.isAt(call));
        return Optional.of(known ? Answer.methodNotAllowed() : Answer.notFound());
    }

    private static Stream<Operation> reads(Collection collection) {
        Operation list = Operation.of("GET", collection.path());
        return collection.singles()
                ? Stream.of(list, Operation.of("GET", collection.singlePath() + "{id}"))
                : Stream.of(list);
    }

    private record Operation(String method, String template, Pattern path) {

        /// `export` is no id: Polar has an operation of that name.
        static Operation of(String method, String template) {
            return new Operation(method, template, Pattern.compile(template.replace("{id}", "(?!export$)[^/]+")));
        }

        boolean isAt(Call call) {
            return path.matcher(call.path()).matches();
        }

        @Override
        public String toString() {
            return method + " /v1" + template;
        }
    }
}
