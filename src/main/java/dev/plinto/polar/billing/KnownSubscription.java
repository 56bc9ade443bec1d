package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.idempotency.Answer;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.polar.api.PolarSubscription;
import dev.plinto.polar.polar.api.PolarSubscription.PendingUpdate;
import dev.plinto.polar.polar.api.Purpose.ForOrganization;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A subscription that somebody asks to change, as the projection knows it.
///
/// @param caller who may do that
/// @param told   as in the answer to GET subscriptions
record KnownSubscription(String id, String organization, Caller caller, ObjectNode told) {

    /// As in the answer to GET subscriptions.
    private static final List<String> FIELDS = List.of("subscription_id", "account", "organization_id", "customer_id",
            "product_id", "product_name", "product_metadata", "status", "previous_status", "cancel_at_period_end",
            "current_period_start", "current_period_end", "trial_end", "ends_at", "ended_at", "seats", "amount",
            "currency", "recurring_interval", "provider", "version", "cause");

    ForOrganization purpose() {
        return new ForOrganization(organization);
    }

    /// Where it was bought.
    Provider provider() {
        return Provider.of(new Id.Subscription(id));
    }

    String productId() {
        return told.path("product_id").asText();
    }

    /// Null if it is not sold by the seat.
    @Nullable
    Integer seats() {
        JsonNode seats = told.path("seats");
        return seats.isIntegralNumber() ? seats.intValue() : null;
    }

    /// @param from the value that changes; null if no single one does
    /// @param to   that value after it
    Entry entry(Action action, @Nullable String from, @Nullable String to, @Nullable String reason) {
        return new Entry(Actor.ofOrganization(caller), action, organization, "subscription " + id, from, to, reason);
    }

    /// What can be told of a new subscription before it is projected: the rest is null.
    static ObjectNode unprojected(String organization, PolarSubscription subscription) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        FIELDS.forEach(told::putNull);
        return told.put("subscription_id", subscription.id())
                .put("account", organization)
                .put("organization_id", organization)
                .put("customer_id", subscription.customerId())
                .put("product_id", subscription.productId())
                .put("status", subscription.status())
                .put("cancel_at_period_end", subscription.cancelAtPeriodEnd())
                .put("provider", Provider.POLAR.wireName());
    }

    /// @param now what is projected after the change
    static Answer answer(int status, ObjectNode now, Optional<PendingUpdate> pending, boolean isProjected) {
        ObjectNode told = now.deepCopy();
        told.set("pending_update", pending.map(KnownSubscription::json).orElse(JsonNodeFactory.instance.nullNode()));
        return new Answer(status, told.put("projected", isProjected).toString());
    }

    private static JsonNode json(PendingUpdate pending) {
        return JsonNodeFactory.instance.objectNode()
                .put("applies_at", Rfc3339.format(pending.appliesAt()))
                .put("product_id", pending.productId())
                .put("seats", pending.seats());
    }

    /// Without the caller.
    @Override
    public String toString() {
        return "KnownSubscription[" + id + "]";
    }
}
