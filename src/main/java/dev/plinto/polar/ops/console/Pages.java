package dev.plinto.polar.ops.console;

import dev.plinto.polar.access.Explanation;
import dev.plinto.polar.ops.AccountQueries;
import dev.plinto.polar.ops.AttemptsAtPolar;
import dev.plinto.polar.ops.Contradictions;
import dev.plinto.polar.ops.DoubleSubscriptions;
import dev.plinto.polar.ops.ErasureList;
import dev.plinto.polar.ops.FoundEvent;
import dev.plinto.polar.ops.Overview;
import dev.plinto.polar.ops.ParkedEvent;
import dev.plinto.polar.ops.ReconciliationQueries;
import dev.plinto.polar.ops.ReconciliationRuns;
import dev.plinto.polar.ops.RefusedUsage;
import dev.plinto.polar.ops.UnknownTypeStore;
import dev.plinto.polar.ops.UnlinkedCustomers;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The console's pages; their templates are in `src/main/resources/templates/ops`.
@CheckedTemplate(basePath = "ops")
final class Pages {

    static native TemplateInstance problem(String title, String detail);

    /// @param provider where the identity provider ends its session; null if it has no such address
    static native TemplateInstance signedOut(@Nullable String provider);

    static native TemplateInstance overview(ConsoleSession session, Overview overview,
            List<ContradictionCount> contradictions);

    static native TemplateInstance events(ConsoleSession session, EventForm form, List<FoundEvent.Outcome> outcomes,
            FoundEvent.Page page, @Nullable String older);

    static native TemplateInstance event(ConsoleSession session, FoundEvent.WithPayload found,
            AttemptsAtPolar.@Nullable Attempts attempts);

    static native TemplateInstance account(ConsoleSession session, AccountQueries.Details account,
            Explanation explanation, AccountVerdict verdict, String typed, String at);

    static native TemplateInstance accounts(ConsoleSession session);

    static native TemplateInstance parked(ConsoleSession session, ParkedForm form, List<String> reasons,
            ParkedEvent.Page page, List<UnknownTypeStore.UnknownType> unknown, @Nullable String newer,
            @Nullable ReplayResult replayed, @Nullable String discarded);

    static native TemplateInstance replay(ConsoleSession session, Confirmation replay);

    static native TemplateInstance discard(ConsoleSession session, Confirmation discard);

    static native TemplateInstance reconciliation(ConsoleSession session, ReconciliationQueries.Status status,
            ReconciliationRuns.@Nullable DriftReport drift, RunProgress run);

    static native TemplateInstance reconcile(ConsoleSession session);

    static native TemplateInstance audit(ConsoleSession session, AuditForm form, AuditPage page,
            @Nullable String older);

    static native TemplateInstance contradictions(ConsoleSession session, List<String> kinds, String kind,
            Contradictions.Page page, @Nullable String more);

    static native TemplateInstance unlinked(ConsoleSession session, UnlinkedCustomers.Page page,
            @Nullable String more);

    static native TemplateInstance doubles(ConsoleSession session, DoubleSubscriptions.Page page,
            @Nullable String more);

    /// @param replayed  how many events an action before sent again; null if there was none, as for `discarded`
    static native TemplateInstance usage(ConsoleSession session, String organization, RefusedUsage.Page page,
            @Nullable String newer, @Nullable String replayed, @Nullable String discarded);

    static native TemplateInstance erasures(ConsoleSession session, String organization, ErasureList.Page page,
            @Nullable String older);

    /// @param count null if this replica does not know it
    record ContradictionCount(String kind, @Nullable Long count) {}

    /// The search form, as it was filled in.
    record EventForm(String webhookId, String type, String customerId, String organizationId, String outcome,
            String conflicting, String from, String until) {

        public boolean isEmpty() {
            return (webhookId + type + customerId + organizationId + outcome + conflicting + from + until).isEmpty();
        }
    }

    record ParkedForm(String reason, String type) {}

    /// What an operator is asked to confirm before a replay or a discard: one event, or all of a selection.
    ///
    /// @param what      a description for people
    /// @param webhookId of the one event; empty for a selection
    /// @param event     the one event; null for a selection
    /// @param form      the selection
    /// @param first     the first events of the selection; null for one event
    record Confirmation(String what, String webhookId, @Nullable ParkedEvent event, ParkedForm form,
            ParkedEvent.@Nullable Page first) {}

    private Pages() {}
}
