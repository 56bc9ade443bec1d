package dev.plinto.polar.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Prevents senders from creating time series. If a request ends before Quarkus has matched a resource, Quarkus labels
/// it with the path as sent, and every request with its method, which may be any word. (Quarkus itself labels unknown
/// paths `NOT_FOUND`.)
@Singleton
class BoundLabels implements MeterFilter {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
            "TRACE", "PATCH");
    private static final Set<String> WITHOUT_RESOURCE = Set.of("400", "405", "406", "413", "414", "415", "431",
            "RESET"); // RESET: the sender closed the connection

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().equals("http.server.requests")
                ? id.replaceTags(id.getTags().stream().map(tag -> bounded(tag, id.getTag("status"))).toList())
                : id;
    }

    private static Tag bounded(Tag tag, @Nullable String status) {
        return switch (tag.getKey()) {
            case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", "OTHER");
            case "uri" -> status != null && WITHOUT_RESOURCE.contains(status) ? Tag.of("uri", "UNKNOWN") : tag;
            default -> tag;
        };
    }
}
