package dev.plinto.polar.telemetry;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/// The id of an HTTP request: what the client or a proxy sent as `X-Request-Id`, else a new one. The answer has it in
/// the same header, its log lines in the field `requestId`, and the audit log beside what the request did. Deliveries
/// have none: they have a webhook id.
public final class RequestId {

    public static final String HEADER = "X-Request-Id";

    private static final String FIELD = "requestId";
    private static final String DELIVERIES = "/webhooks";
    /// What a log line and a column can hold without harm.
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    /// Of the request that this thread works for; null if it works for none.
    public static @Nullable String current() {
        return (String) MDC.get(FIELD);
    }

    @ServerRequestFilter(preMatching = true)
    void keep(ContainerRequestContext request) {
        if (!request.getUriInfo().getPath().endsWith(DELIVERIES)) {
            String sent = request.getHeaderString(HEADER);
            MDC.put(FIELD, sent != null && ACCEPTED.matcher(sent).matches() ? sent : UUID.randomUUID().toString());
        }
    }

    @ServerResponseFilter
    void tell(ContainerResponseContext response) {
        String id = current();
        if (id != null) {
            response.getHeaders().putSingle(HEADER, id);
        }
    }
}
