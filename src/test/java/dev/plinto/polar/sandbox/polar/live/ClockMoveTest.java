package dev.plinto.polar.sandbox.polar.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.Problem;
import jakarta.ws.rs.WebApplicationException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClockMoveTest {

    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    @ParameterizedTest
    @CsvSource({
            "P3D, 2026-02-03T08:00:00Z", "PT6H, 2026-01-31T14:00:00Z", "P1M, 2026-02-28T08:00:00Z",
            "P2W, 2026-02-14T08:00:00Z", "P1M2DT3H4.5S, 2026-03-02T11:00:04.5Z", "P1Y, 2027-01-31T08:00:00Z",
            "P400D, 2027-03-07T08:00:00Z", "PT1H-1S, 2026-01-31T08:59:59Z"})
    void duration_isAddedByTheCalendar(String duration, Instant expected) {
        assertThat(read("{\"advance\":\"" + duration + "\"}").apply(NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "P3D", "[]", "null", "{}", "{\"advance\":3}", "{\"advance\":null}", "{\"advance\":\"\"}",
            "{\"advance\":\"T\"}", "{\"advance\":\"3 days\"}", "{\"advance\":\"P\"}", "{\"advance\":\"PT\"}",
            "{\"advance\":\"P1DT\"}", "{\"advance\":\"P1.5D\"}", "{\"advance\":\"P99999999999D\"}",
            "{\"advance\":\"P999999999Y\"}", "{\"advance\":\"PT9999999999999H\"}", "{\"advance\":\"P1D\",\"to\":1}",
            "{\"Advance\":\"P1D\"}", "{\"advance\":\"P1D\"} x"})
    void unreadable_isRefused(String body) {
        assertThat(refusal(body)).startsWith("The body is not").contains("was not moved", "P1M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0D", "PT0S", "-P1D", "P-1D", "PT-1S", "P1DT-24H"})
    void backward_isRefused(String duration) {
        assertThat(refusal("{\"advance\":\"" + duration + "\"}")).startsWith("The clock moves only forward.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P401D", "P2Y", "P400DT1S"})
    void tooLong_isRefused(String duration) {
        assertThat(refusal("{\"advance\":\"" + duration + "\"}")).contains("at most 400 days");
    }

    private static String refusal(String body) {
        WebApplicationException refused = catchThrowableOfType(WebApplicationException.class, () -> read(body));
        assertThat(refused.getResponse().getStatus()).isEqualTo(400);
        return ((Problem.Document) refused.getResponse().getEntity()).detail();
    }

    private static ClockMove read(String body) {
        return ClockMove.read(body.getBytes(StandardCharsets.UTF_8), new ObjectMapper(), NOW);
    }
}
