package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.Bounds;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` lists exactly the settings of the code, and those that can be too small or too large have
/// bounds.
class SettingsTest {

    @Test
    void everySettingOfTheCode_isInTheTable_andNoOther() {
        var ofOurs = new TreeSet<>(KnownSettings.documented());
        ofOurs.removeIf(name -> Stream.of("POLAR_", "PLINTO_", "CONEKTA_").noneMatch(name::startsWith));

        assertThat(ofOurs).isEqualTo(KnownSettings.mapped());
    }

    @Test
    void everyNumberDurationAndSize_hasBounds() {
        assertThat(KnownSettings.methods()).hasSizeGreaterThan(30)
                .allSatisfy((name, method) -> assertThat(method.isAnnotationPresent(Bounds.class)).as(name)
                        .isEqualTo(method.getReturnType().isPrimitive() && method.getReturnType() != boolean.class
                                || Set.of(Duration.class, MemorySize.class).contains(method.getReturnType())));
    }

    @Test
    void misspeltSetting_isNotKnown() {
        assertThat(KnownSettings.knows("POLAR_WEBHOOK_SECRETS")).isFalse();
        assertThat(KnownSettings.knows("KAFKA_BOOTSTRAP_SERVER")).isFalse();
        assertThat(KnownSettings.knows("KAFKA_SASL_JAAS_CONFIG")).isTrue();
        assertThat(KnownSettings.knows("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE")).isTrue();
    }
}
