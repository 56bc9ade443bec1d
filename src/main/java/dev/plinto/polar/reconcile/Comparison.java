package dev.plinto.polar.reconcile;

import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Reading;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Compares what Polar says with what we hold. It reads what it compares as the projection would.
@ApplicationScoped
class Comparison {

    private final Polar polar;
    private final StoredObjects stored;
    private final Merchant merchant;

    Comparison(Polar polar, StoredObjects stored, Merchant merchant) {
        this.polar = polar;
        this.stored = stored;
        this.merchant = merchant;
    }

    /// @throws Unsafe where one of these deliveries is another organization's
    void requireOurs(List<Delivery> deliveries) {
        EventReader reader = new EventReader(merchant.ours());
        deliveries.forEach(delivery -> delivery.body().ifPresent(body -> {
            if (reader.read(delivery.webhookId(), body) instanceof Reading.OtherMerchant) {
                throw merchant.other();
            }
        }));
    }

    /// What Polar listed.
    List<Drift> listed(List<PolarObject> objects, Instant heardBefore) {
        return drift(objects.stream().map(object -> Snapshot.of(object, heardBefore)).toList());
    }

    /// What we hold and Polar's list lacks: each is asked for once more before it counts, since lists shift.
    ///
    /// @param asking  called before each request
    /// @param leftOut called for each that Polar does not answer for, though it may for others
    List<Drift> lacking(Kind kind, Collection<String> ids, Instant heardBefore, Repairs.Waiting asking,
            LeftOut leftOut) throws InterruptedException {
        Map<Id, TrackedObject> held = stored.find(ids.stream().map(id -> id(kind, id)).toList());
        return drift(kind == Kind.GRANT
                ? grants(held, heardBefore, asking, leftOut)
                : singles(kind, held, heardBefore, asking, leftOut));
    }

    interface LeftOut {
        void add(String what, PolarFailure why);
    }

    private static void leaveOut(String what, PolarFailure why, LeftOut leftOut) {
        if (!why.mayBeOfOneObject()) {
            throw why;
        }
        leftOut.add(what, why);
    }

    private List<Snapshot> singles(Kind kind, Map<Id, TrackedObject> held, Instant heardBefore, Repairs.Waiting asking,
            LeftOut leftOut) throws InterruptedException {
        List<Snapshot> snapshots = new ArrayList<>();
        Instant heard = heardBefore;
        for (TrackedObject object : held.values()) {
            asking.goesOn();
            try {
                Optional<Dated<PolarObject>> found = kind == Kind.CUSTOMER
                        ? polar.customer(object.id().value())
                        : polar.subscription(object.id().value());
                snapshots.add(found.isPresent()
                        ? Snapshot.of(found.get().answer(), heard)
                        : Snapshot.gone(object, heard));
                heard = found.map(Dated::at).orElse(heard);
            } catch (PolarFailure failure) {
                leaveOut(kind.wireName() + " " + object.id().value(), failure, leftOut);
            }
        }
        return snapshots;
    }

    /// A grant cannot be read alone; its customer's list is short.
    private List<Snapshot> grants(Map<Id, TrackedObject> held, Instant heardBefore, Repairs.Waiting asking,
            LeftOut leftOut)
            throws InterruptedException {
        Map<Id.Customer, List<TrackedObject>> byCustomer = held.values().stream()
                .collect(Collectors.groupingBy(known -> ((Grant) known).customer()));
        List<Snapshot> snapshots = new ArrayList<>();
        for (Map.Entry<Id.Customer, List<TrackedObject>> ofOne : byCustomer.entrySet()) {
            try {
                snapshots.addAll(grants(ofOne.getKey().value(), ofOne.getValue(), heardBefore, asking));
            } catch (PolarFailure failure) {
                leaveOut("grants of customer " + ofOne.getKey().value(), failure, leftOut);
            }
        }
        return snapshots;
    }

    private List<Snapshot> grants(String customer, List<TrackedObject> held, Instant heardBefore,
            Repairs.Waiting asking)
            throws InterruptedException {
        List<Snapshot> snapshots = new ArrayList<>();
        Set<Id> listed = new HashSet<>();
        Instant heard = heardBefore;
        for (int page = 1, last = 1; page <= last; page++) {
            asking.goesOn();
            Optional<Dated<Polar.Page<PolarObject>>> grants = polar.grantsOf(customer, page);
            if (grants.isEmpty()) {
                break;
            }
            for (PolarObject grant : grants.get().answer().items()) {
                listed.add(id(Kind.GRANT, grant.id()));
                snapshots.add(Snapshot.of(grant, heard));
            }
            heard = grants.get().at();
            last = grants.get().answer().last();
        }
        held.stream().filter(grant -> !listed.contains(grant.id()))
                .map(grant -> Snapshot.gone(grant, heardBefore))
                .forEach(snapshots::add);
        return snapshots;
    }

    private List<Drift> drift(List<Snapshot> snapshots) {
        EventReader reader = new EventReader(merchant.ours());
        List<Stated> stated = snapshots.stream().flatMap(snapshot -> read(reader, snapshot).stream()).toList();
        Set<Id> ids = new HashSet<>();
        stated.forEach(one -> {
            ids.add(one.statement.id());
            if (one.statement instanceof Grant grant) {
                ids.add(grant.customer());
            }
        });
        Map<Id, TrackedObject> held = stored.find(ids);
        return stated.stream()
                .flatMap(one -> Drift.between(held, one.snapshot, one.statement).stream())
                .toList();
    }

    private record Stated(Snapshot snapshot, TrackedObject statement) {}

    /// Empty where the projection could make nothing of it.
    private Optional<Stated> read(EventReader reader, Snapshot snapshot) {
        return switch (reader.readSnapshot(snapshot.id(), snapshot.body())) {
            case Reading.Understood understood ->
                Optional.of(new Stated(snapshot, understood.event().statements().getFirst()));
            case Reading.OtherMerchant other -> throw merchant.other();
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
        };
    }
}
