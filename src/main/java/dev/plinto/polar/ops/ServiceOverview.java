package dev.plinto.polar.ops;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.polar.PolarDialect;
import dev.plinto.polar.projection.lag.ProjectionLag;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Collects the state of the whole service from the database, the broker and this replica's own measurements.
@ApplicationScoped
public class ServiceOverview {

    private final OverviewStore store;
    private final ErasureList erasures;
    private final ReconciliationQueries reconciliation;
    private final ProjectingReplicas replicas;
    private final ProjectionLag lag;
    private final PolarDialect polar;
    private final RefusedLately refused;
    private final Findings findings;
    private final InstantSource clock;

    ServiceOverview(OverviewStore store, ErasureList erasures, ReconciliationQueries reconciliation,
            ProjectingReplicas replicas, ProjectionLag lag, PolarDialect polar, RefusedLately refused,
            Findings findings, InstantSource clock) {
        this.store = store;
        this.erasures = erasures;
        this.reconciliation = reconciliation;
        this.replicas = replicas;
        this.lag = lag;
        this.polar = polar;
        this.refused = refused;
        this.findings = findings;
        this.clock = clock;
    }

    public Uni<Overview> now() {
        return Uni.combine().all().unis(store.lateness(), store.parked(), store.relay(),
                replicas.topicId().chain(store::positions),
                reconciliation.status(), replicas.now(), store.unlinkedAccounts(),
                store.doubleSubscriptions(), Uni.combine().all()
                        .unis(store.parkedUsage(), erasures.stuck(), store.unmappedPlans()).asTuple())
                .asTuple().map(all -> {
                    Optional<List<Overview.Replica>> projecting = all.getItem6();
                    return findings.in(new Overview(Rfc3339.format(clock.instant()), List.of(), List.of(),
                            withLag(all.getItem1()), refused.now().orElse(null), all.getItem2(), all.getItem7(),
                            all.getItem9().getItem3(), all.getItem8(), all.getItem9().getItem1(),
                            all.getItem9().getItem2(), all.getItem3(),
                            all.getItem5(),
                            partitions(all.getItem4(), projecting.orElse(List.of())), projecting.orElse(null)));
                });
    }

    private Overview.Lateness withLag(Overview.Lateness stored) {
        return new Overview.Lateness(seconds(lag.oldest()), stored.oldestUnpublished(), stored.medianToProjected(),
                stored.p99ToProjected(), stored.newestEventAt(), stored.outboxPending(), stored.spoolPending(),
                stored.oldestUnsentUsage());
    }

    private List<Overview.Partition> partitions(Map<Integer, Long> positions, List<Overview.Replica> projecting) {
        var numbers = new TreeSet<>(positions.keySet());
        projecting.forEach(replica -> numbers.addAll(replica.partitions()));
        return numbers.stream().map(number -> new Overview.Partition(number, positions.get(number),
                seconds(lag.oldest(polar, number)),
                projecting.stream()
                        .filter(replica -> replica.partitions().contains(number)).findFirst()
                        .map(Overview.Replica::name).orElse(null)))
                .toList();
    }

    private static @Nullable Double seconds(Optional<Duration> age) {
        return age.map(known -> known.toMillis() / 1e3).orElse(null);
    }
}
