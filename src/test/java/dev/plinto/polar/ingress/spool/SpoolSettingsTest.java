package dev.plinto.polar.ingress.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.ingress.IngressConfig;
import dev.plinto.polar.start.CheckBounds;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpoolSettingsTest {

    @ParameterizedTest
    @CsvSource({
            "quarkus.datasource.reactive.url, quarkus.datasource.spool.reactive.url",
            "quarkus.datasource.password, quarkus.datasource.spool.password",
            "quarkus.datasource.reactive.trust-certificate-pem.certs, "
                    + "quarkus.datasource.spool.reactive.trust-certificate-pem.certs",
    })
    void spoolSetting_defaultsToThatOfTheDatabase(String database, String spool) {
        assertThat(config(Map.of(database, "x")).getConfigValue(spool).getValue()).isEqualTo("x");
        assertThat(config(Map.of(database, "x", spool, "y")).getConfigValue(spool).getValue()).isEqualTo("y");
        assertThat(config(Map.of()).getConfigValue(spool).getValue()).isNull();
    }

    @Test
    void timeoutsOfBrokerAndSpool_fitIntoPolars2s() {
        assertThat(ingress(Map.of()).publishTimeout().plus(Spool.MIN_TIMEOUT))
                .isLessThan(Duration.ofMillis(1800));
        assertThat(
                ingress(Map.of("polar.ingress.publish-timeout", "1200ms")).publishTimeout().plus(Spool.MIN_TIMEOUT))
                .isLessThan(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
            "-5000, 1700", // the clock was set back
            "5, 1695",
            "1000, 700",
            "1200, 700",
    })
    void spoolTimeout_isWhatTheBrokerLeft(long sinceReceipt, long millis) {
        assertThat(Spool.timeout(Duration.ofMillis(sinceReceipt))).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void brokerTimeoutThatLeavesTheSpoolNoTime_isRefused() {
        assertThatThrownBy(() -> ingress(Map.of("polar.ingress.publish-timeout", "1500ms")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("POLAR_INGRESS_PUBLISH_TIMEOUT must be 100ms to 1200ms");
    }

    private static IngressConfig.Ingress ingress(Map<String, String> settings) {
        return config(settings).getConfigMapping(IngressConfig.class).ingress();
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withInterceptors(new SpoolSettings())
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withMapping(IngressConfig.class)
                .withCustomizers(new CheckBounds())
                .withDefaultValues(new HashMap<>(settings))
                .build();
    }
}
