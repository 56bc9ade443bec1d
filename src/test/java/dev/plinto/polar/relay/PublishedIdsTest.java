package dev.plinto.polar.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PublishedIdsTest {

    /// A broker's default for `offset.metadata.max.bytes`.
    private static final int BROKERS_LIMIT = 4096;

    @Test
    void consecutiveIds_areOneRange() {
        assertThat(PublishedIds.encode(List.of(1041L, 1042L, 1043L, 1047L))).isEqualTo("1041-1043,1047");
        assertThat(PublishedIds.decode("1041-1043,1047")).containsExactly(1041L, 1042L, 1043L, 1047L);
    }

    @Test
    void noIds_areAnEmptyText() {
        assertThat(PublishedIds.encode(List.of())).isEmpty();
        assertThat(PublishedIds.decode("")).isEmpty();
        assertThat(PublishedIds.decode(null)).isEmpty();
    }

    @Property(tries = 1_000, seed = "955257")
    void encodedIds_areDecoded(@ForAll @Size(max = 500) Set<@LongRange(min = 1, max = 2_000) Long> ids) {
        List<Long> ascending = List.copyOf(new TreeSet<>(ids));

        assertThat(PublishedIds.decode(PublishedIds.encode(ascending))).isEqualTo(ascending);
    }

    @Test
    void fittingRows_areAsManyAsTheNoteCanName_andAtLeastOne() {
        // The worst case: no two ids are consecutive, and all are as long as possible.
        List<OutboxRow> scattered = LongStream.range(0, 500)
                .mapToObj(i -> row(Long.MAX_VALUE - 1_000 + 2 * i, "1"))
                .toList();

        List<OutboxRow> fitting = Publisher.fitting(scattered);

        assertThat(fitting).isNotEmpty().isEqualTo(scattered.subList(0, fitting.size()));
        assertThat(PublishedRows.of(fitting).encode().length()).isLessThanOrEqualTo(BROKERS_LIMIT);
    }

    @Test
    void note_distinguishesOtherRowsWithTheSameIds() {
        List<OutboxRow> published = List.of(row(7, "1"), row(8, "2"));
        List<OutboxRow> restored = List.of(row(7, "1"), row(8, "3"));

        assertThat(PublishedRows.decode(PublishedRows.of(published).encode())).isEqualTo(PublishedRows.of(published));
        assertThat(PublishedRows.of(restored)).isNotEqualTo(PublishedRows.of(published));
        assertThat(PublishedRows.of(published.subList(0, 1))).isNotEqualTo(PublishedRows.of(published));
        assertThat(PublishedRows.decode(null)).isEqualTo(PublishedRows.NONE);
    }

    private static OutboxRow row(long id, String version) {
        return new OutboxRow(id, "topic", "key", Map.of("ce_id", "key:" + version), new byte[] {1}, Instant.EPOCH);
    }
}
