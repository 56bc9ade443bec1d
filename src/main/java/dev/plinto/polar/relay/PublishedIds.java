package dev.plinto.polar.relay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Encodes ids of outbox rows as a short text (`1041-1043,1047`) for the metadata of a Kafka offset, which a broker
/// limits to 4,096 characters by default (`offset.metadata.max.bytes`).
final class PublishedIds {

    static final int MAX_LENGTH = 4000; // leaves room for the fingerprint

    private record Range(long first, long last) {

        static Range parse(String text) {
            int dash = text.indexOf('-');
            return dash < 0
                    ? new Range(Long.parseLong(text), Long.parseLong(text))
                    : new Range(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + "-" + last;
        }
    }

    static String encode(List<Long> ascending) {
        List<Range> ranges = new ArrayList<>();
        for (long id : ascending) {
            if (!ranges.isEmpty() && ranges.getLast().last + 1 == id) {
                ranges.add(new Range(ranges.removeLast().first, id));
            } else {
                ranges.add(new Range(id, id));
            }
        }
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }

    static List<Long> decode(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(text.split(","))
                .map(Range::parse)
                .flatMapToLong(range -> LongStream.rangeClosed(range.first, range.last))
                .boxed()
                .toList();
    }

    private PublishedIds() {}
}
