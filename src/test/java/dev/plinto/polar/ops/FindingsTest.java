package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.ops.Overview.Finding.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private static final String NOW = "2026-11-22T09:30:00Z";
    private static final String SECONDS_AGO = "2026-11-22T09:29:50Z";
    private static final String AN_HOUR_AGO = "2026-11-22T08:30:00Z";

    @Test
    void newInstallation_isNeitherWellNorWrong() {
        Overview overview = overview(Duration.ofHours(1), null, 0, 0, null, null);

        assertThat(overview.isWell()).isFalse();
        assertThat(overview.worst()).isEqualTo(Severity.UNKNOWN);
        assertThat(overview.findings()).extracting(Overview.Finding::what).satisfiesExactlyInAnyOrder(
                what -> assertThat(what).startsWith("No event has been received yet."),
                what -> assertThat(what).startsWith("Not compared with Polar yet"));
    }

    @Test
    void whatIsParkedOrWaits_isReceived() {
        assertThat(List.of(overview(Duration.ofHours(1), AN_HOUR_AGO, 0, 0, null, null),
                overview(Duration.ofHours(1), null, 1, 0, null, null),
                overview(Duration.ofHours(1), null, 0, 2, null, null)))
                .allSatisfy(overview -> assertThat(overview.findings()).extracting(Overview.Finding::what)
                        .noneMatch(what -> what.startsWith("No event")));
    }

    @Test
    void runThatDoesNotSucceed_isWorseThanNone() {
        assertThat(overview(Duration.ofHours(1), AN_HOUR_AGO, 0, 0, SECONDS_AGO, null).worst())
                .isEqualTo(Severity.UNKNOWN);
        assertThat(overview(Duration.ofHours(1), AN_HOUR_AGO, 0, 0, AN_HOUR_AGO, null).worst())
                .isEqualTo(Severity.NOTABLE);
    }

    /// With runs on request only, too.
    @Test
    void installationThatNeverCompared_isNotWell_andOneThatDidIs() {
        assertThat(overview(Duration.ZERO, AN_HOUR_AGO, 0, 0, null, null).worst()).isEqualTo(Severity.UNKNOWN);
        assertThat(overview(Duration.ZERO, AN_HOUR_AGO, 0, 0, AN_HOUR_AGO, AN_HOUR_AGO).isWell()).isTrue();
        assertThat(overview(Duration.ofHours(1), AN_HOUR_AGO, 0, 0, AN_HOUR_AGO, AN_HOUR_AGO).isWell()).isTrue();
        assertThat(overview(Duration.ofMinutes(1), AN_HOUR_AGO, 0, 0, AN_HOUR_AGO, AN_HOUR_AGO).worst())
                .isEqualTo(Severity.WRONG);
    }

    private static Overview overview(Duration period, @Nullable String newestEvent, long parked, double oldest,
            @Nullable String started, @Nullable String succeeded) {
        var lateness = new Overview.Lateness(oldest, 0.0, null, null, newestEvent, 0, 0, 0.0);
        var reconciliation = new ReconciliationQueries.Status(succeeded, started, null, null, false, null, null, null,
                null, List.of(), List.of());
        return new Findings(period, Optional::empty).in(new Overview(NOW, List.of(), List.of(), lateness, null,
                Map.of("failed", parked), 0, List.of(), 0, 0, 0, new Overview.Relay("r-1", NOW), reconciliation,
                List.of(),
                List.of(new Overview.Replica("r-1", "host", List.of(0)))));
    }
}
