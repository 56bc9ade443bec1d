package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import org.junit.jupiter.api.Test;

class ApiVersionTest {

    @Test
    void version_isRemovedTwoQuartersAfterItsName() {
        assertThat(ApiVersion.removedAt(YearMonth.of(2026, 10))).isEqualTo(Instant.parse("2027-04-01T00:00:00Z"));
        assertThat(ApiVersion.find("2027-01")).contains(Instant.parse("2027-07-01T00:00:00Z"));
        assertThat(ApiVersion.find("next")).isEmpty();
    }
}
