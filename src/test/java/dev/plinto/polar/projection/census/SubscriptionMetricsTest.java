package dev.plinto.polar.projection.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The number of series is bounded, however many products there are.
class SubscriptionMetricsTest {

    @Test
    void smallestProducts_areCountedTogether() {
        Map<String, SubscriptionCount> counts = SubscriptionMetrics.bounded(IntStream.range(0, 1000)
                .mapToObj(n -> new SubscriptionCount("product-" + n, 1000 - n, 2, 1)).toList());

        assertThat(counts).hasSize(21).containsEntry("product-0", new SubscriptionCount("product-0", 1000, 2, 1))
                .doesNotContainKey("product-20");
        assertThat(counts.get("other").ended()).isEqualTo(980);
        assertThat(counts.get("other").ending()).isEqualTo(1960);
        assertThat(counts.values().stream().mapToLong(SubscriptionCount::active).sum()).isEqualTo(500_500);
    }

    @Test
    void productNamedOther_isCountedWithTheSmallest() {
        Map<String, SubscriptionCount> counts = SubscriptionMetrics.bounded(IntStream.range(0, 30)
                .mapToObj(n -> new SubscriptionCount(n == 0 ? "other" : "product-" + n, 1, 0, 0)).toList());

        assertThat(counts).hasSize(20);
        assertThat(counts.get("other").active()).isEqualTo(11);
    }

    @Test
    void noSubscriptions_giveOneSeries() {
        assertThat(SubscriptionMetrics.bounded(List.of())).containsOnlyKeys("other");
    }
}
