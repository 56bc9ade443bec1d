package dev.plinto.polar.reconcile;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.Erased;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What Polar still has of customers whose data was erased here: compared and repaired without anything personal, so
/// that the raw topic does not get it either.
@ApplicationScoped
class ErasedObjects {

    private final Pool pool;
    private final Erased erased;

    ErasedObjects(Pool pool, Erased erased) {
        this.pool = pool;
        this.erased = erased;
    }

    /// The same objects, in the same order.
    ///
    /// @param respondedAt time of the response before they were requested, by Polar's clock
    List<PolarObject> cleared(List<PolarObject> objects, Instant respondedAt) {
        Set<String> customers = ids(objects, ErasedObjects::customers);
        Set<String> organizations = ids(objects, ErasedObjects::organizations);
        Set<String> purchases = ids(objects, ErasedObjects::purchases);
        if (customers.isEmpty() && organizations.isEmpty() && purchases.isEmpty()) {
            return objects;
        }
        Erased.Ids ids = await(
                pool.withConnection(connection -> erased.among(connection, customers, organizations, purchases)));
        return objects.stream().map(
                object -> isErased(object, ids, Snapshot.asOf(respondedAt)) ? object.withoutPersonalData() : object)
                .toList();
    }

    private static Set<String> ids(Collection<PolarObject> objects, Function<PolarObject, Stream<String>> ids) {
        return objects.stream().flatMap(ids).collect(Collectors.toSet());
    }

    /// What is read now is said now: of an organization that has come back it is kept.
    private static boolean isErased(PolarObject object, Erased.Ids ids, Instant asOf) {
        return customers(object).anyMatch(ids.customers()::contains)
                || Stream.concat(organizations(object), purchases(object)).anyMatch(id -> ids.includes(id, asOf));
    }

    private static Stream<String> customers(PolarObject object) {
        return object.kind() == Kind.CUSTOMER ? Stream.of(object.id()) : text(object, "/customer_id");
    }

    private static Stream<String> organizations(PolarObject object) {
        return Stream.of("/external_id", "/external_customer_id", "/metadata/organization_id", "/customer/external_id")
                .flatMap(path -> text(object, path));
    }

    /// What is stored of them tells whose a seat is.
    private static Stream<String> purchases(PolarObject object) {
        return object.kind() == Kind.SEAT
                ? Stream.of("/subscription_id", "/order_id").flatMap(path -> text(object, path))
                : Stream.empty();
    }

    private static Stream<String> text(PolarObject object, String path) {
        return Stream.ofNullable(object.json().at(path).textValue());
    }
}
