package dev.plinto.polar.ops.console;

import dev.plinto.polar.IdParameter;
import dev.plinto.polar.audit.AuditSearch;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The search form of the audit log, as it was filled in.
record AuditForm(String organizationId, String actor, String action, String target) {

    static AuditForm of(HttpServerRequest request) {
        return new AuditForm(valid(request, "organization_id"), valid(request, "actor"),
                valid(request, "action"), valid(request, "target"));
    }

    private static String valid(HttpServerRequest request, String name) {
        String typed = ShowEvents.typed(request, name);
        return typed.isEmpty() ? typed : IdParameter.valid(name, List.of(typed));
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
