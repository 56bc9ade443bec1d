package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.Bounds;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckBoundsTest {

    private static final Map<String, String> VALID = Map.of(
            "kiosk.price", "10", "kiosk.names", "a,b", "kiosk.door.stays-open", "100ms", "kiosk.door.guests", "0",
            "kiosk.door.bell", "1m",
            "kiosk.kept.papers", "30d", "kiosk.kept.receipts", "31d", "kiosk.kept.shelf", "1M");

    @ConfigMapping(prefix = "kiosk")
    public interface Kiosk {

        @Bounds(least = "1", most = "10")
        short price();

        List<String> names();

        Door door();

        interface Door {

            @Bounds(least = "100ms", most = "1h")
            Duration staysOpen();

            @Bounds(least = "0", most = "1000000000000")
            long guests();

            @Bounds(least = "1m", most = "1h", orZero = true)
            Duration bell();
        }

        Kept kept();

        interface Kept {

            @Bounds(least = "7d", most = "400d")
            Duration papers();

            @Bounds(least = "7d", most = "400d", moreThan = "papers")
            Duration receipts();

            @Bounds(least = "64K", most = "2M")
            MemorySize shelf();
        }

        default List<String> with(String name) {
            return List.of(name);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "kiosk.price, 1", "kiosk.price, 10",
            "kiosk.door.stays-open, 100ms", "kiosk.door.stays-open, 1h", "kiosk.door.bell, 0", "kiosk.door.bell, 0s",
            "kiosk.door.guests, 1000000000000",
            "kiosk.kept.papers, 7d", "kiosk.kept.receipts, 400d", "kiosk.kept.shelf, 65536", "kiosk.kept.shelf, 2M",
    })
    void valueWithinBounds_isAccepted(String setting, String value) {
        assertThat(kiosk(Map.of(setting, value)).names()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({
            "kiosk.price, 0, 'KIOSK_PRICE must be 1 to 10, but is 0'",
            "kiosk.price, 11, 'KIOSK_PRICE must be 1 to 10, but is 11'",
            "kiosk.door.stays-open, 99ms, 'KIOSK_DOOR_STAYS_OPEN must be 100ms to 1h, but is 0.099s'",
            "kiosk.door.stays-open, 90m, 'KIOSK_DOOR_STAYS_OPEN must be 100ms to 1h, but is 1h30m'",
            "kiosk.door.bell, 1, 'KIOSK_DOOR_BELL must be 0 or 1m to 1h, but is 1s'",
            "kiosk.door.bell, -1s, 'KIOSK_DOOR_BELL must be 0 or 1m to 1h, but is -1s'",
            "kiosk.door.bell, 2h, 'KIOSK_DOOR_BELL must be 0 or 1m to 1h, but is 2h'",
            "kiosk.door.guests, -1, 'KIOSK_DOOR_GUESTS must be 0 to 1000000000000, but is -1'",
            "kiosk.kept.shelf, 1, 'KIOSK_KEPT_SHELF must be 64K to 2M, but is 1 bytes'",
            "kiosk.kept.shelf, 3M, 'KIOSK_KEPT_SHELF must be 64K to 2M, but is 3145728 bytes'",
            "kiosk.kept.papers, 401d, 'KIOSK_KEPT_PAPERS must be 7d to 400d, but is 401d'",
            "kiosk.kept.receipts, 30d, 'KIOSK_KEPT_RECEIPTS must be more than KIOSK_KEPT_PAPERS, but is 30d, and that'",
            "kiosk.kept.papers, 400, 'is 6m40s: 400 is read as 400 seconds, write 400d for days'",
    })
    void valueOutsideBounds_isRefusedByItsEnvironmentName(String setting, String value, String why) {
        assertThatThrownBy(() -> kiosk(Map.of(setting, value)))
                .isInstanceOf(ConfigValidationException.class).hasMessageContaining(why);
    }

    @Test
    void severalViolations_areReportedAtOnce() {
        assertThatThrownBy(() -> kiosk(Map.of("kiosk.price", "0", "kiosk.door.guests", "-1")))
                .hasMessageContaining("KIOSK_PRICE").hasMessageContaining("KIOSK_DOOR_GUESTS");
    }

    private static Kiosk kiosk(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(VALID);
        all.putAll(settings);
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withMapping(Kiosk.class)
                .withCustomizers(new CheckBounds())
                .withDefaultValues(all)
                .build().getConfigMapping(Kiosk.class);
    }
}
