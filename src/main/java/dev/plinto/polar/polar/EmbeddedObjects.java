package dev.plinto.polar.polar;

import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.TrackedObject;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// What an object embeds: statements as of the embedded object's own modification. Embedded subscriptions and orders
/// are left out: Polar has sent outdated ones.
final class EmbeddedObjects {

    static Stream<TrackedObject> of(Payload data, Stamp stamp) {
        Optional<Payload> product = data.object("product");
        return Stream.of(
                statement(data.object("customer"), stamp, PolarObjects::customer),
                statement(product, stamp, PolarReferences::product),
                product.stream().flatMap(object -> benefits(object, stamp)),
                benefits(data, stamp),
                statement(data.object("benefit"), stamp, PolarReferences::benefit),
                statement(data.object("member"), stamp, PolarReferences::member))
                .flatMap(statements -> statements);
    }

    private static Stream<TrackedObject> benefits(Payload product, Stamp stamp) {
        return product.objects("benefits")
                .flatMap(benefit -> statement(Optional.of(benefit), stamp, PolarReferences::benefit));
    }

    private static Stream<TrackedObject> statement(Optional<Payload> embedded, Stamp stamp,
            BiFunction<Payload, Stamp, ? extends TrackedObject> reading) {
        return embedded.stream().flatMap(object -> object.modifiedAt().stream()
                .map(moment -> reading.apply(object, new Stamp(moment, stamp.webhookId()))));
    }

    private EmbeddedObjects() {}
}
