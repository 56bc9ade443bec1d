package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Permits that a replica gives itself, by a clock that the test moves.
class LocalPermitsTest {

    private static final Purpose FOR_ORGANIZATION = new Purpose.ForOrganization("org-1");
    private static final Purpose RECONCILIATION = Purpose.Upkeep.RECONCILIATION;

    private long now = Long.MAX_VALUE - 5; // System.nanoTime may overflow
    private final LocalPermits permits = new LocalPermits(Rate.perMinute(24), () -> now); // 4 in 10 s

    @Test
    void burst_thenOneForEachInterval() {
        for (int i = 0; i < 4; i++) {
            assertThat(permits.take(FOR_ORGANIZATION)).as("request %d", i).isEmpty();
        }
        assertThat(permits.take(FOR_ORGANIZATION)).hasValue(Duration.ofMillis(2500));

        advance(Duration.ofMillis(2500));

        assertThat(permits.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(permits.take(FOR_ORGANIZATION)).hasValue(Duration.ofMillis(2500));
    }

    @Test
    void reconciliation_leavesHalfOfTheBurst() {
        assertThat(permits.take(RECONCILIATION)).isEmpty();
        assertThat(permits.take(RECONCILIATION)).isEmpty();
        assertThat(permits.take(RECONCILIATION)).hasValue(Duration.ofMillis(2500));

        assertThat(permits.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(permits.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(permits.take(FOR_ORGANIZATION)).hasValue(Duration.ofMillis(2500));
        assertThat(permits.take(RECONCILIATION)).hasValue(Duration.ofMillis(7500));
    }

    @Test
    void unusedTime_bringsNoMoreThanTheBurst() {
        advance(Duration.ofHours(1));

        for (int i = 0; i < 4; i++) {
            assertThat(permits.take(FOR_ORGANIZATION)).isEmpty();
        }
        assertThat(permits.take(FOR_ORGANIZATION)).isPresent();
    }

    @Test
    void closed_forTheLongestTime() {
        permits.close(Duration.ofMinutes(5));
        permits.close(Duration.ofSeconds(1));

        assertThat(permits.take(FOR_ORGANIZATION)).hasValue(Duration.ofMinutes(5));
        advance(Duration.ofMinutes(5));
        assertThat(permits.take(FOR_ORGANIZATION)).isEmpty();
    }

    @Test
    void lowestRate_stillHasAPermitForReconciliation() {
        LocalPermits few = new LocalPermits(Rate.perMinute(1), () -> now);

        assertThat(few.take(RECONCILIATION)).isEmpty();
        assertThat(few.take(RECONCILIATION)).hasValue(Duration.ofMinutes(1));
    }

    private void advance(Duration time) {
        now += time.toNanos();
    }
}
