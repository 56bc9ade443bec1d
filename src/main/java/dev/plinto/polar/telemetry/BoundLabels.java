package dev.plinto.polar.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Set;

/// Keeps senders from making series: where a request ends before it is clear which resource it is for, Quarkus labels
/// it with the path as it was sent. (Those of paths that are not there are all `NOT_FOUND` by Quarkus' own doing.) And
/// it labels every request with its method, which may be any word.
@Singleton
class BoundLabels implements MeterFilter {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
            "TRACE", "PATCH");
    private static final Set<String> WITHOUT_RESOURCE = Set.of("400", "405", "406", "413", "414", "415", "431",
            "RESET"); // the last: whoever sent it has gone

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().equals("http.server.requests")
                ? id.replaceTags(id.getTags().stream().map(tag -> bounded(tag, id.getTag("status"))).toList())
                : id;
    }

    private static Tag bounded(Tag tag, String status) {
        return switch (tag.getKey()) {
            case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", "OTHER");
            case "uri" -> status != null && WITHOUT_RESOURCE.contains(status) ? Tag.of("uri", "UNKNOWN") : tag;
            default -> tag;
        };
    }
}
