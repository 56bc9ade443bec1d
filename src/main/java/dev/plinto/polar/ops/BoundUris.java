package dev.plinto.polar.ops;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/// Keeps senders from making series: where a request ends before it is clear which resource it is for, Quarkus labels
/// it with the path as it was sent. (Those of paths that are not there are all `NOT_FOUND` by Quarkus' own doing.)
@Singleton
class BoundUris implements MeterFilter {

    private static final Set<String> WITHOUT_RESOURCE =
            Set.of("400", "405", "406", "413", "414", "415", "431", "RESET"); // the last: whoever sent it has gone

    @Override
    public Meter.Id map(Meter.Id id) {
        String status = id.getTag("status");
        return id.getName().equals("http.server.requests") && status != null && WITHOUT_RESOURCE.contains(status)
                ? id.replaceTags(withoutPath(id.getTags()))
                : id;
    }

    private static List<Tag> withoutPath(List<Tag> tags) {
        return tags.stream().map(tag -> tag.getKey().equals("uri") ? Tag.of("uri", "UNKNOWN") : tag).toList();
    }
}
