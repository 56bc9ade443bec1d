package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The operations of Polar's API that the simulation serves. One that only Polar has is answered 501, which Polar never
/// sends, so that nobody takes it for an answer of Polar's.
final class Operations {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PATCH", "DELETE");
    /// The first part of the paths of those that are not, or only partly, served.
    private static final Set<String> ONLY_POLARS = Set.of(
            "benefit-grants", "benefits", "checkout-links", "checkouts", "custom-fields", "customer-meters",
            "customer-portal", "customer-seats", "customer-sessions", "customers", "discounts", "disputes",
            "event-types", "events", "files", "license-keys", "member-sessions", "members", "meters", "metrics",
            "oauth2", "orders", "organizations", "payments", "products", "refunds", "subscriptions");

    private final List<Operation> all;

    Operations(SimulatedPolar polar, Set<String> versions) {
        all = Stream.of(
                Collection.ALL.stream().flatMap(collection -> collection.operations(polar.records())),
                new BenefitOperations(polar).all().stream(),
                new CheckoutOperations(polar).all().stream(),
                new CustomerOperations(polar).all().stream(),
                new CustomerSessionOperations(polar).all().stream(),
                new DiscountOperations(polar).all().stream(),
                new EndpointOperations(polar, versions).all().stream(),
                new MemberOperations(polar).all().stream(),
                new MeterOperations(polar).all().stream(),
                new OrderOperations(polar).all().stream(),
                new ProductOperations(polar).all().stream(),
                new RefundOperations(polar).all().stream(),
                new SeatOperations(polar).all().stream(),
                new SubscriptionOperations(polar).all().stream(),
                new UsageOperations(polar).all().stream())
                .flatMap(operations -> operations)
                .toList();
    }

    Optional<Operation> find(Call call) {
        return first(operation -> operation.is(call));
    }

    /// The answer to a call of no [served operation][#find(Call)].
    Answer refusal(Call call) {
        if (METHODS.contains(call.method()) && ONLY_POLARS.contains(call.path().split("/", -1)[1])) {
            return PolarAnswers.notServed(
                    call.method() + " /v1" + call.path(), all.stream().map(Operation::toString).toList());
        }
        return first(operation -> operation.isAt(call.path())).isPresent()
                ? PolarAnswers.methodNotAllowed()
                : PolarAnswers.notFound();
    }

    /// The path that a call has missed by a slash at its end, which it has or lacks.
    Optional<String> redirect(Call call) {
        String path = call.path();
        String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
        return first(operation -> operation.isAt(path)).isPresent()
                ? Optional.empty()
                : first(operation -> operation.isAt(other)).map(operation -> other);
    }

    private Optional<Operation> first(Predicate<Operation> wanted) {
        return all.stream().filter(wanted).findFirst();
    }
}
