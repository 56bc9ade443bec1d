package dev.plinto.polar.ops;

import dev.plinto.polar.billing.Explanation;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/// The pages of the console; their texts are in `src/main/resources/templates/ops`.
@CheckedTemplate(basePath = "ops")
final class Pages {

    static native TemplateInstance problem(String title, String detail);

    static native TemplateInstance overview(Visit visit, Overview overview);

    static native TemplateInstance events(Visit visit, EventForm form, List<FoundEvent.Outcome> outcomes,
            FoundEvent.Page page, String older);

    static native TemplateInstance event(Visit visit, FoundEvent.WithPayload found, AttemptsAtPolar.Attempts attempts);

    static native TemplateInstance account(Visit visit, AccountStore.Known known, Explanation explanation, String at);

    static native TemplateInstance accounts(Visit visit);

    static native TemplateInstance parked(Visit visit, ParkedForm form, List<String> reasons, ParkedEvent.Page page,
            List<UnknownTypeStore.UnknownType> unknown, String older, String done);

    static native TemplateInstance replay(Visit visit, Replaying replaying);

    static native TemplateInstance reconciliation(Visit visit, ReconciliationStore.Standing standing,
            OperateReconciliation.Drift drift, boolean asked);

    static native TemplateInstance reconcile(Visit visit);

    static native TemplateInstance audit(Visit visit, AuditLog.Page page);

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
