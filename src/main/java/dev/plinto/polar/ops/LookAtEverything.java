package dev.plinto.polar.ops;

import dev.plinto.polar.BacklogAge;
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
import java.time.Duration;
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
    private final BacklogAge backlog;
    private final MeterRegistry registry;
    private final RefusedLately refused;
    private final Findings findings;
    private final InstantSource clock;

    LookAtEverything(SecurityIdentity identity, OverviewStore store, ReconciliationStore reconciliation,
            ProjectingReplicas replicas, BacklogAge backlog, MeterRegistry registry, RefusedLately refused,
            Findings findings, InstantSource clock) {
        this.identity = identity;
        this.store = store;
        this.reconciliation = reconciliation;
        this.replicas = replicas;
        this.backlog = backlog;
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
                reconciliation.standing(), replicas.now(), store.unlinkedAccounts()).asTuple().map(all -> {
                    Optional<List<Overview.Replica>> projecting = all.getItem6();
                    return findings.in(new Overview(Rfc3339.format(clock.instant()), List.of(), List.of(),
                            withBacklog(all.getItem1()), refused.now().orElse(null), all.getItem2(), all.getItem7(),
                            all.getItem3(), all.getItem5(),
                            partitions(all.getItem4(), projecting.orElse(List.of())), projecting.orElse(null)));
                });
    }

    private Overview.Lateness withBacklog(Overview.Lateness stored) {
        return new Overview.Lateness(
                age(gauge("polar.oldest.pending", "stage", "projected"), backlog.backlogAge()),
                stored.oldestUnpublished(), stored.medianToProjected(), stored.p99ToProjected(),
                stored.newestEventAt(), stored.outboxPending(), stored.spoolPending());
    }

    private List<Overview.Partition> partitions(Map<Integer, Long> positions, List<Overview.Replica> projecting) {
        var numbers = new TreeSet<>(positions.keySet());
        projecting.forEach(replica -> numbers.addAll(replica.partitions()));
        return numbers.stream().map(number -> new Overview.Partition(number, positions.get(number),
                age(gauge("polar.partition.lag", "partition", number.toString()), backlog.backlogAge(number)),
                projecting.stream()
                        .filter(replica -> replica.partitions().contains(number)).findFirst()
                        .map(Overview.Replica::name).orElse(null))).toList();
    }

    /// In seconds. The gauge, which replicas that project have, goes on growing while the broker does not answer.
    private static Double age(Double gauge, Optional<Duration> seen) {
        return gauge != null ? gauge : seen.map(age -> age.toMillis() / 1e3).orElse(null);
    }

    /// Null where this replica has none, or it is not known.
    private Double gauge(String name, String... tags) {
        Gauge gauge = registry.find(name).tags(tags).gauge();
        double value = gauge == null ? Double.NaN : gauge.value();
        return Double.isNaN(value) ? null : value;
    }
}
