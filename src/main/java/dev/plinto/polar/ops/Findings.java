package dev.plinto.polar.ops;

import dev.plinto.polar.ops.Overview.Finding;
import dev.plinto.polar.ops.Overview.Finding.Severity;
import dev.plinto.polar.projection.census.ContradictionCensus;
import dev.plinto.polar.projection.census.ContradictionKind;
import dev.plinto.polar.reconcile.ReconcileConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Derives from an overview the conditions that need an operator, as sentences.
@ApplicationScoped
class Findings {

    private static final double LATE_SECONDS = 60;
    private static final double USAGE_LATE_SECONDS = 600;
    private static final Duration FIRST_RUN = Duration.ofMinutes(1);
    private static final int MANY_FAILED = 3; // Polar switches the endpoint off after ten

    private final Duration period;
    private final Supplier<Optional<Map<ContradictionKind, Long>>> contradictions;

    @Inject
    Findings(ReconcileConfig config, ContradictionCensus contradictions) {
        this(config.reconcile().period(), contradictions::counts);
    }

    /// @param period         of reconciliation; zero if it runs only on request
    /// @param contradictions counted lately, by kind; empty if unknown
    Findings(Duration period, Supplier<Optional<Map<ContradictionKind, Long>>> contradictions) {
        this.period = period;
        this.contradictions = contradictions;
    }

    /// The same overview with its findings, and with what this replica cannot measure.
    Overview in(Overview overview) {
        return new Overview(overview.at(), of(overview), unknown(overview), overview.lateness(), overview.refused(),
                overview.parked(), overview.unlinkedAccounts(), overview.unmappedPlans(),
                overview.doubleSubscriptions(), overview.parkedUsage(),
                overview.stuckErasures(), overview.relay(), overview.reconciliation(), overview.partitions(),
                overview.replicas());
    }

    private static List<String> unknown(Overview overview) {
        List<String> unknown = new ArrayList<>();
        if (overview.lateness().oldestUnprojected() == null) {
            unknown.add("Projection lag: this replica has neither the role projection nor reconcile, or the broker or "
                    + "the database has not answered it recently.");
        }
        if (overview.refused() == null) {
            unknown.add("Refused deliveries: this replica does not have the role ingress. The dashboard Receiver shows "
                    + "all replicas that do.");
        }
        return unknown;
    }

    private List<Finding> of(Overview overview) {
        List<Finding> findings = new ArrayList<>();
        late(overview, findings);
        refused(overview.refused(), findings);
        replicas(overview, findings);
        parked(overview, findings);
        usage(overview, findings);
        contradictions(findings);
        erasures(overview, findings);
        endpoint(overview.reconciliation(), findings);
        reconciliation(overview, findings);
        nothingReceived(overview, findings);
        return findings;
    }

    private static void late(Overview overview, List<Finding> findings) {
        Overview.Lateness lateness = overview.lateness();
        if (lateness.oldestUnprojected() != null && lateness.oldestUnprojected() > LATE_SECONDS) {
            wrong(findings, "Access is decided late: the oldest unprojected event was received "
                    + Format.seconds(lateness.oldestUnprojected()) + " ago.", "#partitions");
        }
        if (lateness.p99ToProjected() != null && lateness.p99ToProjected() > LATE_SECONDS) {
            notable(findings, "Access was decided late within the last hour: the p99 from receipt to projection is "
                    + Format.seconds(lateness.p99ToProjected()) + ".", "#lateness");
        }
        if (lateness.oldestUnpublished() > LATE_SECONDS) {
            wrong(findings, "Changes are published late: the oldest unpublished change is of an event received "
                    + Format.seconds(lateness.oldestUnpublished()) + " ago.", "#lateness");
        }
        if (lateness.spoolPending() > 0) {
            wrong(findings,
                    Format.count(lateness.spoolPending(), "delivery waits", "deliveries wait") + " in the spool: the "
                            + "broker does not accept them, or did not until a moment ago.",
                    "#lateness");
        }
    }

    private static void refused(Overview.@Nullable Refused refused, List<Finding> findings) {
        if (refused != null && refused.badSignatures() > 0) {
            notable(findings, "This replica refused " + Format.count(refused.badSignatures(), "delivery", "deliveries")
                    + " with a wrong signature or timestamp in the last ten minutes. If Polar sent them, the webhook "
                    + "secrets differ or this machine's clock is wrong.", "#refused");
        }
        if (refused != null && refused.unavailable() > 0) {
            wrong(findings, "This replica could not take "
                    + Format.count(refused.unavailable(), "delivery", "deliveries") + " in the last ten minutes. Polar "
                    + "retries them, and switches the endpoint off after ten failed events in a row.", "#refused");
        }
    }

    private static void replicas(Overview overview, List<Finding> findings) {
        if (overview.relay().holder() == null) {
            wrong(findings, "No replica publishes changes: none holds the relay's lease.", "#replicas");
        }
        if (overview.replicas() == null) {
            wrong(findings, "It is unknown which replicas project: the broker does not describe the consumer group "
                    + ProjectingReplicas.GROUP + ". Check that it runs and that this client may describe the group.",
                    "#replicas");
        } else if (overview.replicas().isEmpty()) {
            wrong(findings, "No replica projects: the consumer group " + ProjectingReplicas.GROUP + " has no member.",
                    "#replicas");
        } else {
            String orphans = overview.partitions().stream().filter(partition -> partition.replica() == null)
                    .map(partition -> Integer.toString(partition.partition())).collect(Collectors.joining(", "));
            if (!orphans.isEmpty()) {
                notable(findings, "No replica projects these partitions at the moment: " + orphans + ".",
                        "#partitions");
            }
        }
    }

    private static void parked(Overview overview, List<Finding> findings) {
        if (overview.parkedTotal() > 0) {
            wrong(findings,
                    Format.count(overview.parkedTotal(), "event")
                            + " could not be applied. Fix the cause, then replay.",
                    "/ops/parked");
        }
        if (overview.unlinkedAccounts() > 0) {
            notable(findings, Format.count(overview.unlinkedAccounts(), "customer") + " at Polar with a live grant or "
                    + "subscription but no organization: what was bought cannot be used. Set the external id at Polar.",
                    "/ops/unlinked");
        }
        if (!overview.unmappedPlans().isEmpty()) {
            notable(findings,
                    "No product is set for " + String.join(", ", overview.unmappedPlans()) + ": who subscribes "
                            + "to a plan gets nothing. Add it to CONEKTA_PLANS, and restart the replicas.",
                    null);
        }
        if (overview.doubleSubscriptions() > 0) {
            notable(findings, Format.count(overview.doubleSubscriptions(), "subscription") + " beside another one of "
                    + "the same group: somebody pays twice.", "/ops/double-subscriptions");
        }
    }

    private static void usage(Overview overview, List<Finding> findings) {
        if (overview.parkedUsage() > 0) {
            wrong(findings, "Polar refuses " + Format.count(overview.parkedUsage(), "event") + " of usage: what was "
                    + "used is not billed. Fix the cause, then replay.", "/ops/usage");
        }
        if (overview.lateness().oldestUnsentUsage() > USAGE_LATE_SECONDS) {
            wrong(findings, "Usage is billed late: the oldest event could have been sent to Polar "
                    + Format.seconds(overview.lateness().oldestUnsentUsage()) + " ago. The log of the replicas with "
                    + "the role usage says why.", "#lateness");
        }
    }

    private void contradictions(List<Finding> findings) {
        long all = contradictions.get().orElse(Map.of()).values().stream().mapToLong(Long::longValue).sum();
        if (all > 0) {
            notable(findings, Format.count(all, "contradiction") + " in what Polar said about who has access, for an "
                    + "hour or longer.", "/ops/contradictions");
        }
    }

    private static void endpoint(ReconciliationQueries.Status status, List<Finding> findings) {
        if (Boolean.FALSE.equals(status.endpointEnabled())) {
            wrong(findings, "Our endpoint at Polar is off: Polar sends no webhooks. Switch it on at Polar.",
                    "/ops/reconciliation");
        } else if (status.failedEvents() != null && status.failedEvents() >= MANY_FAILED) {
            wrong(findings, "The newest " + status.failedEvents() + " events could not be delivered; after ten, Polar "
                    + "switches our endpoint off.", "/ops/reconciliation");
        }
        status.findings().forEach(finding -> notable(findings, "Our endpoint at Polar: " + finding,
                "/ops/reconciliation"));
    }

    private void reconciliation(Overview overview, List<Finding> findings) {
        overview.reconciliation().runs().stream().findFirst()
                .filter(newest -> newest.repairs() > 0).ifPresent(newest -> wrong(findings, "Webhooks did not bring "
                        + "everything: the newest run of reconciliation, started " + Format.time(newest.startedAt())
                        + ", made " + Format.count(newest.repairs(), "repair") + ".", "/ops/reconciliation"));
        String succeeded = overview.reconciliation().succeededAt();
        if (succeeded == null) {
            neverCompared(overview, findings);
        } else if (!period.isZero() && isBefore(succeeded, overview, period.multipliedBy(3))) {
            wrong(findings, "Reconciliation is overdue: it last succeeded on " + Format.time(succeeded) + ".",
                    "/ops/reconciliation");
        }
    }

    /// The first run may need a minute; of one that needs longer, the log says why.
    private void neverCompared(Overview overview, List<Finding> findings) {
        String started = overview.reconciliation().startedAt();
        if (started != null && isBefore(started, overview, FIRST_RUN)) {
            notable(findings, "Reconciliation has never succeeded, although a run began on " + Format.time(started)
                    + ": what webhooks did not bring is missing. The log of the replica with the role reconcile says "
                    + "why.",
                    "/ops/reconciliation");
        } else {
            unknown(findings, "Not compared with Polar yet: reconciliation has never succeeded."
                    + (started != null ? " The first run is going on." : period.isZero() ? " Request a run." : ""),
                    "/ops/reconciliation");
        }
    }

    private static void erasures(Overview overview, List<Finding> findings) {
        if (overview.stuckErasures() > 0) {
            wrong(findings, Format.count(overview.stuckErasures(), "erasure") + " of customer data: stuck at a step.",
                    "/ops/erasures");
        }
    }

    private static void nothingReceived(Overview overview, List<Finding> findings) {
        Overview.Lateness lateness = overview.lateness();
        boolean isWaiting = lateness.oldestUnprojected() != null && lateness.oldestUnprojected() > 0;
        if (lateness.newestEventAt() == null && overview.parkedTotal() == 0 && lateness.spoolPending() == 0
                && !isWaiting) {
            unknown(findings,
                    "No event has been received yet. If Polar has sent some, check there that our endpoint has "
                            + "the address of this service and is on.",
                    "#polar");
        }
    }

    private static boolean isBefore(String time, Overview overview, Duration ago) {
        return Instant.parse(time).isBefore(Instant.parse(overview.at()).minus(ago));
    }

    private static void wrong(List<Finding> findings, String what, String page) {
        findings.add(new Finding(Severity.WRONG, what, page));
    }

    private static void notable(List<Finding> findings, String what, @Nullable String page) {
        findings.add(new Finding(Severity.NOTABLE, what, page));
    }

    private static void unknown(List<Finding> findings, String what, String page) {
        findings.add(new Finding(Severity.UNKNOWN, what, page));
    }
}
