package dev.plinto.polar.reconcile;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What reconciliation holds: its progress, and ids of Polar's objects.
@ApplicationScoped
class ReconciledData implements HeldData {

    @Override
    public String room() {
        return "reconcile";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(
                HeldTable.impersonal("reconciliation", "one", "holder", "expires_at", "wanted_at", "started_at",
                        "step", "page", "log_from", "log_until", "log_read_until", "succeeded_at", "inspected_at",
                        "endpoint_enabled", "failed_events", "version_expires", "findings"),
                HeldTable.impersonal("reconciliation_runs", "started_at", "ended_at", "outcome"),
                HeldTable.impersonal("reconciliation_lists", "kind", "read_at", "whole_at"),
                HeldTable.impersonal("reconciliation_seen", "kind", "id"),
                HeldTable.impersonal("reconciliation_missing", "kind", "id", "found_at"),
                HeldTable.impersonal("due_reads", "provider", "kind", "id", "customer_id", "reason", "speaks_after",
                        "due_at", "failures", "leased_until"),
                HeldTable.impersonal("period_reads", "subscription_id", "period_end"));
    }
}
