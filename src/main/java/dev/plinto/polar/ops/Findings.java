package dev.plinto.polar.ops;

import dev.plinto.polar.ops.Overview.Finding;
import dev.plinto.polar.ops.Overview.Finding.Severity;
import dev.plinto.polar.reconcile.ReconcileConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What somebody should do something about, in words.
@ApplicationScoped
class Findings {

    private static final double LATE = 60;
    private static final int FEW_OF_POLARS_TEN = 3;

    private final Duration period;

    Findings(ReconcileConfig config) {
        period = config.reconcile().period();
    }

    /// The same, with findings and with what is not known.
    Overview in(Overview overview) {
        return new Overview(overview.at(), of(overview), unknown(overview), overview.lateness(), overview.refused(),
                overview.parked(), overview.unlinkedAccounts(), overview.relay(), overview.reconciliation(),
                overview.partitions(), overview.replicas());
    }

    private static List<String> unknown(Overview overview) {
        List<String> unknown = new ArrayList<>();
        if (overview.lateness().oldestUnprojected() == null) {
            unknown.add("How late events are projected: this replica has neither the role projection nor reconcile, or "
                    + "broker or database have not answered it lately.");
        }
        if (overview.refused() == null) {
            unknown.add("Whether deliveries are refused: this replica takes none. The dashboard Receiver tells it of "
                    + "all that do.");
        }
        return unknown;
    }

    private List<Finding> of(Overview overview) {
        List<Finding> findings = new ArrayList<>();
        late(overview, findings);
        refused(overview.refused(), findings);
        nobody(overview, findings);
        parked(overview, findings);
        endpoint(overview.reconciliation(), findings);
        reconciliation(overview, findings);
        return findings;
    }

    private static void late(Overview overview, List<Finding> findings) {
        Overview.Lateness lateness = overview.lateness();
        if (lateness.oldestUnprojected() != null && lateness.oldestUnprojected() > LATE) {
            wrong(findings, "Access is decided late: the oldest event that is not projected was received "
                    + Format.seconds(lateness.oldestUnprojected()) + " ago.", "#partitions");
        }
        if (lateness.p99ToProjected() != null && lateness.p99ToProjected() > LATE) {
            notable(findings, "Access was decided late within the last hour: of a hundred events, one or more took "
                    + Format.seconds(lateness.p99ToProjected()) + " from its receipt.", "#lateness");
        }
        if (lateness.oldestUnpublished() > LATE) {
            wrong(findings, "Services are told late: the oldest change that is not published is of an event received "
                    + Format.seconds(lateness.oldestUnpublished()) + " ago.", "#lateness");
        }
        if (lateness.spoolPending() > 0) {
            wrong(findings, "The broker does not take deliveries, or did not lately: " + lateness.spoolPending()
                    + " wait in the spool.", "#lateness");
        }
    }

    private static void refused(Overview.Refused refused, List<Finding> findings) {
        if (refused != null && refused.badSignatures() > 0) {
            notable(findings, "This replica refused " + Format.count(refused.badSignatures(), "delivery", "deliveries")
                    + " for the signature in the last ten minutes. If they are Polar's, its secret is another one, or "
                    + "this machine's clock is wrong.", "#refused");
        }
        if (refused != null && refused.unavailable() > 0) {
            wrong(findings, "This replica could not take "
                    + Format.count(refused.unavailable(), "delivery", "deliveries") + " in the last ten minutes. Polar "
                    + "tries them again, and switches the endpoint off after ten events in vain.", "#refused");
        }
    }

    private static void nobody(Overview overview, List<Finding> findings) {
        if (overview.relay().holder() == null) {
            wrong(findings, "Nobody publishes changes: no replica holds the relay's lease.", "#replicas");
        }
        if (overview.replicas() == null) {
            wrong(findings, "The broker does not say who projects.", "#replicas");
        } else if (overview.replicas().isEmpty()) {
            wrong(findings, "Nobody projects: the consumer group has no member.", "#replicas");
        } else {
            String orphans = overview.partitions().stream().filter(partition -> partition.replica() == null)
                    .map(partition -> Integer.toString(partition.partition())).collect(Collectors.joining(", "));
            if (!orphans.isEmpty()) {
                notable(findings, "Nobody projects these partitions, for now: " + orphans + ".", "#partitions");
            }
        }
    }

    private static void parked(Overview overview, List<Finding> findings) {
        if (overview.parkedInAll() > 0) {
            wrong(findings, Format.count(overview.parkedInAll(), "event") + " could not be applied.", "/ops/parked");
        }
        if (overview.unlinkedAccounts() > 0) {
            notable(findings, Format.count(overview.unlinkedAccounts(), "customer") + " at Polar with a live grant or "
                    + "subscription and without an organization: somebody pays, and nobody may use it.", null);
        }
    }

    private static void endpoint(ReconciliationQueries.Status status, List<Finding> findings) {
        if (Boolean.FALSE.equals(status.endpointEnabled())) {
            wrong(findings, "Our endpoint at Polar is off: Polar tells us nothing.", "/ops/reconciliation");
        } else if (status.failedEvents() != null && status.failedEvents() >= FEW_OF_POLARS_TEN) {
            wrong(findings, "The newest " + status.failedEvents() + " events could not be delivered; with the tenth "
                    + "Polar switches our endpoint off.", "/ops/reconciliation");
        }
        status.findings().forEach(finding -> notable(findings, "Our endpoint at Polar: " + finding,
                "/ops/reconciliation"));
    }

    private void reconciliation(Overview overview, List<Finding> findings) {
        overview.reconciliation().runs().stream().findFirst()
                .filter(newest -> newest.repairs() > 0).ifPresent(newest -> wrong(findings, "Webhooks do not come as "
                        + "they should: the newest run of reconciliation, of " + Format.time(newest.startedAt())
                        + ", repaired " + Format.count(newest.repairs(), "thing") + ".", "/ops/reconciliation"));
        if (period.isZero()) { // only when somebody asks
            return;
        }
        String succeeded = overview.reconciliation().succeededAt();
        Instant due = Instant.parse(overview.at()).minus(period.multipliedBy(3));
        if (succeeded == null) {
            notable(findings, "Reconciliation has never compared everything.", "/ops/reconciliation");
        } else if (Instant.parse(succeeded).isBefore(due)) {
            wrong(findings, "Reconciliation is overdue: it last compared everything at " + Format.time(succeeded) + ".",
                    "/ops/reconciliation");
        }
    }

    private static void wrong(List<Finding> findings, String what, String page) {
        findings.add(new Finding(Severity.WRONG, what, page));
    }

    private static void notable(List<Finding> findings, String what, String page) {
        findings.add(new Finding(Severity.NOTABLE, what, page));
    }
}
