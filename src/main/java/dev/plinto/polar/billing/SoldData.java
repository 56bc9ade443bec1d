package dev.plinto.polar.billing;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What is held of requests to sell, for two days at most; and who sells by an operator's word.
@ApplicationScoped
class SoldData implements HeldData {

    private static final String OF_IT = "held.organization = subject.organization";

    @Override
    public String room() {
        return "billing";
    }

    @Override
    public List<HeldTable> tables() {
        return List.of(
                HeldTable.named("idempotent_requests").orderedBy("id").rowsWhere(OF_IT)
                        .waitsWhile("held.state <> 'answered' AND held.lease_until >= clock_timestamp()")
                        .exports("call", "state", "progress", "begun", "status", "answer", "checkout_id")
                        .leaves("id", "organization", "body_sha256", "attempt", "lease_until", "same_until")
                        .deletesRows(),
                HeldTable.named("customer_requests").orderedBy("organization").rowsWhere(OF_IT)
                        .exports("email", "name", "country", "locale", "user_id", "actor_kind", "actor",
                                "requested_at")
                        .leaves("organization", "id", "proof", "request_id", "due_at", "attempt").deletesRows(),
                HeldTable.named("subscription_starts").orderedBy("product_group").rowsWhere(OF_IT)
                        .exports("product_group").leaves("organization", "request", "lease_until").deletesRows(),
                HeldTable.named("activation_reads").orderedBy("checkout_id").rowsWhere(OF_IT)
                        .exports("checkout_id", "read_at").leaves("organization").deletesRows(),
                HeldTable.named("provider_overrides").orderedBy("organization").rowsWhere(OF_IT)
                        .exports("provider").leaves("organization").deletesRows(),
                HeldTable.impersonal("rollout", "one", "fallback", "version"));
    }
}
