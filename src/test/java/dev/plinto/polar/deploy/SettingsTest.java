package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` lists exactly the settings of the code.
class SettingsTest {

    @Test
    void everySettingOfTheCode_isInTheTable_andNoOther() {
        var ofOurs = new TreeSet<>(KnownSettings.documented());
        ofOurs.removeIf(name -> !name.startsWith("POLAR_") && !name.startsWith("PLINTO_"));

        assertThat(ofOurs).isEqualTo(KnownSettings.mapped());
    }

    @Test
    void misspeltSetting_isNotKnown() {
        assertThat(KnownSettings.knows("POLAR_WEBHOOK_SECRETS")).isFalse();
        assertThat(KnownSettings.knows("KAFKA_BOOTSTRAP_SERVER")).isFalse();
        assertThat(KnownSettings.knows("KAFKA_SASL_JAAS_CONFIG")).isTrue();
        assertThat(KnownSettings.knows("QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE")).isTrue();
    }
}
