package dev.plinto.polar.reconcile;

import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Known;
import dev.plinto.polar.entitlement.KnownObjects;
import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.polar.Heard;
import dev.plinto.polar.polar.Polar;
import dev.plinto.polar.polar.PolarConfig;
import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.polar.Reading;
import dev.plinto.polar.polar.Snapshot;
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

/// Compares what Polar says with what we hold. It reads what it compares as the projection would.
@ApplicationScoped
class Comparison {

    private final Polar polar;
    private final KnownObjects stored;
    private final EventReader reader;

    Comparison(Polar polar, KnownObjects stored, PolarConfig config) {
        this.polar = polar;
        this.stored = stored;
        this.reader = new EventReader(config.organizationId());
    }

    /// What Polar listed.
    List<Drift> listed(List<PolarObject> objects, Instant heardBefore) {
        return drift(objects.stream().map(object -> Snapshot.of(object, heardBefore)).toList());
    }

    /// What we hold and Polar's list lacks: each is asked for once more before it counts, since lists shift.
    ///
    /// @param asking called before each request
    List<Drift> lacking(Kind kind, Collection<String> ids, Instant heardBefore, Repairs.Waiting asking)
            throws InterruptedException {
        Map<Id, Known> held = stored.known(ids.stream().map(id -> id(kind, id)).toList());
        return drift(kind == Kind.GRANT ? grants(held, heardBefore, asking) : singles(held, heardBefore, asking));
    }

    private List<Snapshot> singles(Map<Id, Known> held, Instant heardBefore, Repairs.Waiting asking)
            throws InterruptedException {
        List<Snapshot> snapshots = new ArrayList<>();
        Instant heard = heardBefore;
        for (Known object : held.values()) {
            asking.goesOn();
            Optional<Heard<PolarObject>> found = object.id() instanceof Id.Customer
                    ? polar.customer(object.id().value())
                    : polar.subscription(object.id().value());
            snapshots.add(found.isPresent()
                    ? Snapshot.of(found.get().answer(), heard)
                    : Snapshot.gone(object, heard));
            heard = found.map(Heard::at).orElse(heard);
        }
        return snapshots;
    }

    /// A grant cannot be read alone; its customer's list is short.
    private List<Snapshot> grants(Map<Id, Known> held, Instant heardBefore, Repairs.Waiting asking)
            throws InterruptedException {
        Set<String> customers = new HashSet<>();
        held.values().forEach(known -> {
            if (known instanceof Grant grant) {
                customers.add(grant.customer().value());
            }
        });
        List<Snapshot> snapshots = new ArrayList<>();
        Set<Id> listed = new HashSet<>();
        Instant heard = heardBefore;
        for (String customer : customers) {
            for (int page = 1, last = 1; page <= last; page++) {
                asking.goesOn();
                Heard<Polar.Page<PolarObject>> grants = polar.grantsOf(customer, page);
                for (PolarObject grant : grants.answer().items()) {
                    listed.add(id(Kind.GRANT, grant.id()));
                    snapshots.add(Snapshot.of(grant, heard));
                }
                heard = grants.at();
                last = grants.answer().last();
            }
        }
        held.values().stream().filter(grant -> !listed.contains(grant.id()))
                .map(grant -> Snapshot.gone(grant, heardBefore))
                .forEach(snapshots::add);
        return snapshots;
    }

    private List<Drift> drift(List<Snapshot> snapshots) {
        List<Stated> stated = snapshots.stream().flatMap(snapshot -> read(snapshot).stream()).toList();
        Set<Id> ids = new HashSet<>();
        stated.forEach(one -> {
            ids.add(one.statement.id());
            if (one.statement instanceof Grant grant) {
                ids.add(grant.customer());
            }
        });
        Map<Id, Known> held = stored.known(ids);
        return stated.stream()
                .flatMap(one -> Drift.between(held, one.snapshot, one.statement).stream())
                .toList();
    }

    private record Stated(Snapshot snapshot, Known statement) {}

    /// Empty where the projection could make nothing of it.
    private Optional<Stated> read(Snapshot snapshot) {
        return switch (reader.read(snapshot.id(), snapshot.body())) {
            case Reading.Understood understood ->
                Optional.of(new Stated(snapshot, understood.event().statements().getFirst()));
            case Reading.OtherMerchant other -> throw new Unsafe("POLAR_ACCESS_TOKEN is for another organization at "
                    + "Polar than POLAR_ORGANIZATION_ID. Nothing of it is compared; correct one of them.");
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
