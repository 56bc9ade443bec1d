package dev.plinto.polar.ops.console;

import dev.plinto.polar.access.Explanation;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.ops.AccountQueries;
import dev.plinto.polar.ops.AttemptsAtPolar;
import dev.plinto.polar.ops.FoundEvent;
import dev.plinto.polar.ops.Overview;
import dev.plinto.polar.ops.ParkedEvent;
import dev.plinto.polar.ops.ReconciliationQueries;
import dev.plinto.polar.ops.ReconciliationRuns;
import dev.plinto.polar.ops.UnknownTypeStore;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/// The pages of the console; their texts are in `src/main/resources/templates/ops`.
@CheckedTemplate(basePath = "ops")
final class Pages {

    static native TemplateInstance problem(String title, String detail);

    static native TemplateInstance overview(ConsoleSession session, Overview overview);

    static native TemplateInstance events(ConsoleSession session, EventForm form, List<FoundEvent.Outcome> outcomes,
            FoundEvent.Page page, String older);

    static native TemplateInstance event(ConsoleSession session, FoundEvent.WithPayload found,
            AttemptsAtPolar.Attempts attempts);

    static native TemplateInstance account(ConsoleSession session, AccountQueries.Details account,
            Explanation explanation, String at);

    static native TemplateInstance accounts(ConsoleSession session);

    static native TemplateInstance parked(ConsoleSession session, ParkedForm form, List<String> reasons,
            ParkedEvent.Page page,
            List<UnknownTypeStore.UnknownType> unknown, String older, String done);

    static native TemplateInstance replay(ConsoleSession session, Replaying replaying);

    static native TemplateInstance reconciliation(ConsoleSession session, ReconciliationQueries.Status status,
            ReconciliationRuns.DriftReport drift, boolean asked);

    static native TemplateInstance reconcile(ConsoleSession session);

    static native TemplateInstance audit(ConsoleSession session, AuditLog.Page page);

    /// What was looked for, as it was typed.
    record EventForm(String webhookId, String type, String customerId, String organizationId, String outcome,
            String from, String until) {

        public boolean isEmpty() {
            return (webhookId + type + customerId + organizationId + outcome + from + until).isEmpty();
        }
    }

    record ParkedForm(String reason, String type) {}

    /// What would be replayed.
    ///
    /// @param what   in words
    /// @param action where the form is sent
    /// @param first  of them; null where one is meant that is shown by `event`
    record Replaying(String what, String action, ParkedEvent event, ParkedForm form, ParkedEvent.Page first) {}

    private Pages() {}
}
