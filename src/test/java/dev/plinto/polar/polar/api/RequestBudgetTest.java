package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who waits for a permit, and who does not, by a clock that the test moves.
class RequestBudgetTest {

    private static final Purpose FOR_ORGANIZATION = new Purpose.ForOrganization("org-1");
    private static final Purpose RECONCILIATION = Purpose.Upkeep.RECONCILIATION;

    private long now = 17;
    private final List<Duration> slept = new ArrayList<>();
    private final LocalPermits permits = new LocalPermits(Rate.perMinute(24), () -> now); // 4 in 10 s
    private final RequestBudget budget = new RequestBudget(permits, permits, () -> now, this::sleep);

    @Test
    void reconciliation_waitsForItsTurn_andTakesNoneOfTheOthers() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(budget.take(RECONCILIATION)).isEmpty();
        }

        assertThat(slept).hasSize(3).containsOnly(Duration.ofMillis(2500));
        assertThat(budget.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(budget.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(slept).hasSize(3);
    }

    @Test
    void callForAnOrganization_waitsNoLongerThanTwoSeconds() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(budget.take(FOR_ORGANIZATION)).isEmpty();
        }
        assertThat(budget.take(FOR_ORGANIZATION)).hasValue(Duration.ofMillis(2500));
        assertThat(slept).isEmpty();

        sleep(Duration.ofMillis(500));

        assertThat(budget.take(FOR_ORGANIZATION)).isEmpty();
        assertThat(slept).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(2));
    }

    @Test
    void whileItIsPaused_reconciliationWaits_andACallForAnOrganizationFails() throws Exception {
        budget.pause(Duration.ofMinutes(10));

        assertThat(budget.take(FOR_ORGANIZATION)).hasValue(Duration.ofMinutes(10));
        assertThat(budget.take(RECONCILIATION)).isEmpty();
        assertThat(slept).containsExactly(Duration.ofMinutes(10));
    }

    @Test
    void organizationWithoutAnId_isRefused() {
        assertThatThrownBy(() -> new Purpose.ForOrganization(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    private void sleep(Duration time) {
        slept.add(time);
        now += time.toNanos();
    }
}
