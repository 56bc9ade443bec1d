package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingUsageTest {

    private static final Instant NOW = Instant.parse("2026-11-30T15:00:00Z");

    @ParameterizedTest
    @CsvSource({"100, 20000", "1500, 10000", "19500, 1000"})
    void memoryOfWhatWaits_isBounded(int characters, int most) {
        WaitingUsage waiting = new WaitingUsage();
        String properties = "x".repeat(characters);

        long found = Stream.iterate(0, n -> n + 1)
                .takeWhile(n -> waiting.add(request("organization-" + n % 100, n, properties))).count();

        assertThat(found).isEqualTo(most);
    }

    @Test
    void whatIsTaken_leavesRoom() {
        WaitingUsage waiting = new WaitingUsage();
        String properties = "x".repeat(19_500);
        fill(waiting, properties);

        List<UsageRequest> taken = waiting.next();

        assertThat(taken).isNotEmpty();
        assertThat(Stream.iterate(0, n -> n + 1)
                .takeWhile(n -> waiting.add(request("another-" + n % 100, n, properties))).count())
                .isEqualTo(taken.size());
    }

    private static void fill(WaitingUsage waiting, String properties) {
        int number = 0;
        while (waiting.add(request("organization-" + number % 100, number, properties))) {
            number++;
        }
    }

    private static UsageRequest request(String organization, int number, String properties) {
        String key = "call-" + number;
        return new UsageRequest(List.of(new UsageEvent(organization, UsageId.of(organization, key), key, "api_call",
                BigDecimal.ONE, properties, NOW)));
    }
}
