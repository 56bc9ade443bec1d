package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.OrganizationTrail;
import dev.plinto.polar.audit.RecordedActions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Entries of the audit log, of either kind.
record AuditPage(List<Line> lines, @Nullable String next) {

    AuditPage {
        lines = List.copyOf(lines);
    }

    /// @param webhookId of a change that a webhook made; null of an action
    record Line(String at, String actorKind, @Nullable String actor, @Nullable String organization, String way,
            String action, @Nullable String target, @Nullable String from, @Nullable String to, @Nullable String reason,
            @Nullable String result,
            @Nullable String requestId, @Nullable String webhookId) {}

    static AuditPage of(RecordedActions.Page page) {
        return new AuditPage(page.items().stream().map(entry -> new Line(entry.at(), entry.actorKind(), entry.actor(),
                entry.organization(), entry.way(), entry.action(), entry.target(), entry.from(), entry.to(),
                entry.reason(), entry.result(),
                entry.requestId(), null)).toList(), page.next());
    }

    /// @param organization whose trail it is
    static AuditPage of(OrganizationTrail.Page page, String organization) {
        return new AuditPage(page.items().stream().map(entry -> {
            boolean isChange = entry.kind().equals("change");
            return new Line(entry.at(), entry.actorKind(), entry.actor(), organization, entry.way(), entry.action(),
                    entry.target(),
                    entry.from(), entry.to(), entry.reason(), entry.result(), isChange ? null : entry.requestId(),
                    isChange ? entry.requestId() : null);
        }).toList(), page.nextCursor());
    }
}
