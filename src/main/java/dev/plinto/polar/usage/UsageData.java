package dev.plinto.polar.usage;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of usage. What was used stays, so that nothing is billed twice; what producers wrote into it goes.
@ApplicationScoped
class UsageData implements HeldData {

    private static final String OF_IT = "held.organization = subject.organization";

    /// Polar's may repeat what stands in the properties. That there was one tells that the event is parked.
    private static final String REASON = "CASE WHEN state = 'parked' THEN 'erased' END";

    @Override
    public String room() {
        return "usage";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(
                HeldTable.named("usage_events").orderedBy("organization", "id").rowsWhere(OF_IT)
                        .exports("id", "event_name", "quantity", "occurred_at", "accepted_at", "state")
                        .exportsAndClearsTo("id::text", "key").exportsAndClears("properties")
                        .exportsAndClearsTo(REASON, "reason")
                        .leaves("organization", "due_at"),
                HeldTable.named("usage_keys").orderedBy("organization", "id").rowsWhere(OF_IT)
                        .exports("id", "event_name", "quantity", "taken_at").leaves("organization"),
                HeldTable.named("usage_sent").orderedBy("id").rowsWhere(OF_IT)
                        .exports("event_name", "quantity", "events", "sent_at").leaves("id", "organization"),
                HeldTable.impersonal("usage_sender", "one", "holder", "expires_at"));
    }
}
