package dev.plinto.polar.reconcile;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Snapshot;
import dev.plinto.polar.polar.api.Dated;
import dev.plinto.polar.polar.api.Delivery;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.projection.StoredObjects;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Compares Polar's objects with the stored ones. It reads Polar's objects as the projection would.
@ApplicationScoped
class Comparison {

    private final Polar polar;
    private final StoredObjects stored;
    private final Merchant merchant;
    private final ErasedObjects erased;

    Comparison(Polar polar, StoredObjects stored, Merchant merchant, ErasedObjects erased) {
        this.polar = polar;
        this.stored = stored;
        this.merchant = merchant;
        this.erased = erased;
    }

    /// @param deniedExternalIds how many objects that do not differ are linked customers whose `external_id` Polar's
    ///                          answer denies; a repair is counted when it is projected
    record Compared(List<Drift> drifts, int deniedExternalIds) {

        Compared without(Predicate<Drift> excluded) {
            return new Compared(drifts.stream().filter(excluded.negate()).toList(), deniedExternalIds);
        }
    }

    /// @throws TooMuchMissing if a delivery belongs to another organization
    void requireOurs(List<Delivery> deliveries) {
        EventReader reader = new EventReader(merchant.organizationId());
        deliveries.forEach(delivery -> delivery.body().ifPresent(body -> {
            if (reader.read(delivery.webhookId(), body) instanceof Reading.OtherMerchant) {
                throw merchant.wrongOrganization();
            }
        }));
    }

    /// Compares one page of Polar's list.
    ///
    /// @param respondedAt time of the response before this page was requested, by Polar's clock
    Compared listed(List<PolarObject> objects, Instant respondedAt) {
        return findDrift(snapshots(objects, respondedAt).toList());
    }

    /// Compares stored objects that are missing from Polar's list. Each is requested again first, since lists shift.
    ///
    /// @param guard   called before each request
    /// @param skipped receives each object for which Polar does not answer, though it may for others
    Compared missing(Kind kind, Collection<String> ids, Instant respondedAt, Repairs.Guard guard, Skipped skipped)
            throws InterruptedException {
        Map<Id, TrackedObject> missing = stored.find(ids.stream().map(id -> id(kind, id)).toList());
        return findDrift(kind == Kind.GRANT
                ? readGrants(missing, respondedAt, guard, skipped)
                : readEach(kind, missing, respondedAt, guard, skipped));
    }

    interface Skipped {
        void add(String object, PolarFailure reason);
    }

    private static void skip(String object, PolarFailure reason, Skipped skipped) {
        if (!reason.mayBeOfOneObject()) {
            throw reason;
        }
        skipped.add(object, reason);
    }

    private List<Snapshot> readEach(Kind kind, Map<Id, TrackedObject> missing, Instant respondedAt,
            Repairs.Guard guard, Skipped skipped) throws InterruptedException {
        List<Snapshot> snapshots = new ArrayList<>();
        Instant previousResponse = respondedAt;
        for (TrackedObject object : missing.values()) {
            guard.checkStillAllowed();
            try {
                Optional<Dated<PolarObject>> found = read(object);
                if (found.isPresent()) {
                    snapshots(List.of(found.get().answer()), previousResponse).forEach(snapshots::add);
                } else {
                    snapshots.add(Snapshot.gone(object, previousResponse));
                }
                previousResponse = found.map(Dated::at).orElse(previousResponse);
            } catch (PolarFailure failure) {
                skip(kind.wireName() + " " + object.id().value(), failure, skipped);
            }
        }
        return snapshots;
    }

    private Optional<Dated<PolarObject>> read(TrackedObject object) throws InterruptedException {
        return switch (object) {
            case Customer customer -> polar.customer(customer.id().value());
            case Subscription subscription -> polar.subscription(subscription.id().value());
            case Member member -> polar.member(
                    Objects.requireNonNull(member.facts().get(Member.CUSTOMER_ID), "a missing member's customer"),
                    member.id().value());
            case Grant grant -> throw new IllegalArgumentException("Polar's API reads no single grant");
            case Order order -> throw new IllegalArgumentException("Polar keeps orders");
            case Reference reference -> throw new IllegalArgumentException("Polar keeps " + reference.id());
        };
    }

    /// Polar's API cannot read a single grant, so the lists of their customers are read.
    private List<Snapshot> readGrants(Map<Id, TrackedObject> missing, Instant respondedAt, Repairs.Guard guard,
            Skipped skipped) throws InterruptedException {
        Map<Id.Customer, List<TrackedObject>> byCustomer = missing.values().stream()
                .collect(Collectors.groupingBy(grant -> ((Grant) grant).customer()));
        List<Snapshot> snapshots = new ArrayList<>();
        for (Map.Entry<Id.Customer, List<TrackedObject>> entry : byCustomer.entrySet()) {
            String customer = entry.getKey().value();
            try {
                snapshots.addAll(readGrantsOf(customer, entry.getValue(), respondedAt, guard));
            } catch (PolarFailure failure) {
                skip("grants of customer " + customer, failure, skipped);
            }
        }
        return snapshots;
    }

    private List<Snapshot> readGrantsOf(String customer, List<TrackedObject> missing, Instant respondedAt,
            Repairs.Guard guard) throws InterruptedException {
        Map<Id, Snapshot> snapshots = new LinkedHashMap<>(); // only of the missing ones: the list may be long
        missing.forEach(grant -> snapshots.put(grant.id(), Snapshot.gone(grant, respondedAt)));
        Instant previousResponse = respondedAt;
        for (int page = 1, last = 1; page <= last; page++) {
            guard.checkStillAllowed();
            Optional<Dated<Polar.Page<PolarObject>>> grants = polar.grantsOf(customer, page);
            if (grants.isEmpty()) {
                break;
            }
            snapshots(grants.get().answer().items(), previousResponse).forEach(grant -> snapshots
                    .computeIfPresent(id(Kind.GRANT, grant.objectId()), (id, gone) -> grant));
            previousResponse = grants.get().at();
            last = grants.get().answer().last();
        }
        return List.copyOf(snapshots.values());
    }

    private Stream<Snapshot> snapshots(List<PolarObject> objects, Instant respondedAt) {
        return erased.cleared(objects, respondedAt).stream().map(object -> Snapshot.of(object, respondedAt));
    }

    private Compared findDrift(List<Snapshot> snapshots) {
        EventReader reader = new EventReader(merchant.organizationId());
        List<ReadSnapshot> readable = snapshots.stream().flatMap(snapshot -> read(reader, snapshot).stream()).toList();
        Set<Id> ids = new HashSet<>();
        readable.forEach(read -> {
            ids.add(read.statement.id());
            read.benefits.forEach(benefit -> ids.add(benefit.id()));
            if (read.statement instanceof Grant grant) {
                ids.add(grant.customer());
            }
        });
        Map<Id, TrackedObject> ours = stored.find(ids);
        List<Drift> drifts = new ArrayList<>();
        int denied = 0;
        for (ReadSnapshot read : readable) {
            Optional<Drift> drift = Drift.between(ours, read.snapshot, read.statement, read.benefits);
            drift.ifPresent(drifts::add);
            TrackedObject known = ours.get(read.statement.id());
            denied += drift.isEmpty() && known != null && read.statement.facts().denies(known.facts()) ? 1 : 0;
        }
        return new Compared(drifts, denied);
    }

    /// @param benefits of a product: no list of their own is read
    private record ReadSnapshot(Snapshot snapshot, TrackedObject statement, List<Benefit> benefits) {

        static ReadSnapshot of(Snapshot snapshot, List<TrackedObject> statements) {
            TrackedObject object = statements.getFirst();
            return new ReadSnapshot(snapshot, object, object instanceof Product
                    ? statements.stream().filter(Benefit.class::isInstance).map(Benefit.class::cast).toList()
                    : List.of());
        }
    }

    /// Empty if the projection could not apply it.
    private Optional<ReadSnapshot> read(EventReader reader, Snapshot snapshot) {
        return switch (reader.readSnapshot(snapshot.id(), snapshot.body())) {
            case Reading.Understood understood ->
                Optional.of(ReadSnapshot.of(snapshot, understood.event().statements()));
            case Reading.OtherMerchant other -> throw merchant.wrongOrganization();
            case Reading.Malformed malformed -> {
                Log.warnf("Polar's %s %s cannot be compared: %s", snapshot.kind().wireName(), snapshot.objectId(),
                        malformed.detail());
                yield Optional.empty();
            }
            case Reading.NotAnEvent impossible -> throw new IllegalStateException("a snapshot is an event");
            case Reading.UnknownType impossible -> throw new IllegalStateException("a snapshot's type is known");
        };
    }

    private static Id id(Kind kind, String id) {
        return switch (kind) {
            case CUSTOMER -> new Id.Customer(id);
            case SUBSCRIPTION -> new Id.Subscription(id);
            case GRANT -> new Id.Grant(id);
            case PRODUCT -> new Id.Product(id);
            case METER -> new Id.Meter(id);
            case ORDER -> new Id.Order(id);
            case CHECKOUT -> new Id.Checkout(id);
            case MEMBER -> new Id.Member(id);
            case SEAT -> new Id.Seat(id);
            case CUSTOMER_METER -> new Id.CustomerMeter(id);
        };
    }
}
