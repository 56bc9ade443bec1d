package dev.plinto.polar.privacy;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of erasures: that there was one stays, as the proof of it.
@ApplicationScoped
class PrivacyData implements HeldData {

    @Override
    public String room() {
        return "privacy";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(
                HeldTable.named("erasures").orderedBy("requested_at", "id")
                        .rowsWhere("held.organization = subject.organization")
                        .exports("id", "keep_at_provider", "requested_at", "completed_at")
                        .leaves("organization", "customers", "shared_customers", "due_at", "attempt", "trouble"),
                HeldTable.impersonal("erasure_steps", "erasure", "position", "step", "done_at", "outcome"),
                HeldTable.impersonal("erased_ids", "kind", "hash", "erased_until", "last_version",
                        "organization"),
                HeldTable.impersonal("erasure_key", "one", "secret"));
    }
}
