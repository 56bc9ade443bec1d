package dev.plinto.polar.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {

    @ParameterizedTest
    @ValueSource(strings = {"Mon, 1 Jan 0001 00:00:00 GMT", "Tue, 31 Dec 2019 23:59:59 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT", "tomorrow"})
    void timeInWhichNoAnswerCame_isNone(String date) {
        assertThat(HttpDate.ofAnswer(date)).isEmpty();
    }

    @Test
    void time_isRead() {
        assertThat(HttpDate.ofAnswer("Mon, 30 Nov 2026 07:40:00 GMT")).hasValue(Instant.parse("2026-11-30T07:40:00Z"));
    }
}
