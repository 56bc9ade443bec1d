package dev.plinto.polar.ops;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.billing.Caller;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Is it right, how late is it, what waits for somebody: of the whole service, as any replica can tell from the
/// database and the broker, and what this one's own gauges say beside.
@Path("/api/v1/polar/ops/overview")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
public class LookAtEverything {

    private final SecurityIdentity identity;
    private final OverviewStore store;
    private final ReconciliationStore reconciliation;
    private final ProjectingReplicas replicas;
    private final MeterRegistry registry;
    private final RefusedLately refused;
    private final Findings findings;
    private final InstantSource clock;

    LookAtEverything(SecurityIdentity identity, OverviewStore store, ReconciliationStore reconciliation,
            ProjectingReplicas replicas, MeterRegistry registry, RefusedLately refused, Findings findings,
            InstantSource clock) {
        this.identity = identity;
        this.store = store;
        this.reconciliation = reconciliation;
        this.replicas = replicas;
        this.registry = registry;
        this.refused = refused;
        this.findings = findings;
        this.clock = clock;
    }

    @GET
    public Uni<Overview> look() {
        Caller.of(identity).requireOperator();
        return overview();
    }

    Uni<Overview> overview() {
        return Uni.combine().all().unis(store.lateness(), store.parked(), store.relay(), store.positions(),
                reconciliation.standing(), replicas.now()).asTuple().map(all -> {
                    Overview.Lateness lateness = withGauge(all.getItem1());
                    Optional<List<Overview.Replica>> projecting = all.getItem6();
                    Overview overview = new Overview(Rfc3339.format(clock.instant()), List.of(), lateness,
                            refused.now().orElse(null), all.getItem2(), whole(gauge("polar.unlinked.accounts")),
                            all.getItem3(), all.getItem5(),
                            partitions(all.getItem4(), projecting.orElse(List.of())), projecting.orElse(null));
                    return new Overview(overview.at(), findings.of(overview), lateness, overview.refused(),
                            overview.parked(),
                            overview.unlinkedAccounts(), overview.relay(), overview.reconciliation(),
                            overview.partitions(), overview.replicas());
                });
    }

    private Overview.Lateness withGauge(Overview.Lateness stored) {
        return new Overview.Lateness(gauge("polar.oldest.pending", "stage", "projected"), stored.oldestUnpublished(),
                stored.medianToProjected(), stored.p99ToProjected(), stored.newestEventAt(), stored.outboxPending(),
                stored.spoolPending());
    }

    private List<Overview.Partition> partitions(Map<Integer, Long> positions, List<Overview.Replica> projecting) {
        var numbers = new TreeSet<>(positions.keySet());
        projecting.forEach(replica -> numbers.addAll(replica.partitions()));
        return numbers.stream().map(number -> new Overview.Partition(number, positions.get(number),
                gauge("polar.partition.lag", "partition", number.toString()), projecting.stream()
                        .filter(replica -> replica.partitions().contains(number)).findFirst()
                        .map(Overview.Replica::name).orElse(null))).toList();
    }

    /// Null where this replica has none, or it is not known.
    private Double gauge(String name, String... tags) {
        Gauge gauge = registry.find(name).tags(tags).gauge();
        double value = gauge == null ? Double.NaN : gauge.value();
        return Double.isNaN(value) ? null : value;
    }

    private static Long whole(Double value) {
        return value == null ? null : Math.round(value);
    }
}
