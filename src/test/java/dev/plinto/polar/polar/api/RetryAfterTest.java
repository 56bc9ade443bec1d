package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How long nothing is sent, whatever stands in `Retry-After`.
class RetryAfterTest {

    private static final String NOW = "Tue, 03 Nov 2026 08:00:00 GMT";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                             | PT0S
            70                            | PT1M10S
            601                           | PT10M
            9999999                       | PT10M
            99999999999999999999          | PT10M
            -5                            | PT10S
            1.5                           | PT10S
            soon                          | PT10S
            Tue, 03 Nov 2026 08:01:00 GMT | PT1M
            Tue, 03 Nov 2026 07:59:00 GMT | PT0S
            Fri, 31 Dec 9999 23:59:59 GMT | PT10M
            """)
    void isObeyed_withinBounds(String value, Duration wait) {
        Response limited = Response.status(429).header("Retry-After", value).header("Date", NOW).build();

        assertThat(new ErrorResponse.Mapper().toThrowable(limited).retryAfter()).hasValue(wait);
    }
}
