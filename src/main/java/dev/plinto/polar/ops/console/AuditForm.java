package dev.plinto.polar.ops.console;

import dev.plinto.polar.audit.AuditSearch;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/// The search form of the audit log, as it was filled in.
record AuditForm(String organizationId, String actor, String action, String target) {

    static AuditForm of(HttpServerRequest request) {
        return new AuditForm(ShowEvents.typed(request, "organization_id"), ShowEvents.typed(request, "actor"),
                ShowEvents.typed(request, "action"), ShowEvents.typed(request, "target"));
    }

    public boolean isEmpty() {
        return (organizationId + actor + action + target).isEmpty();
    }

    AuditSearch search() {
        return new AuditSearch(typed(organizationId), typed(actor), typed(action), typed(target));
    }

    private static @Nullable String typed(String text) {
        return text.isEmpty() ? null : text;
    }
}
