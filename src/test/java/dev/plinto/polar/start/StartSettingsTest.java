package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StartSettingsTest {

    private static final String OWN = "start-settings-test.own";
    private static final String ADDED = "start-settings-test.added";

    @AfterEach
    void forget() {
        System.clearProperty(OWN);
        System.clearProperty(ADDED);
    }

    @Test
    void operatorsSetting_countsMoreThanAnAddedOne() {
        System.setProperty(OWN, "operator");

        new StartSettings().add(Map.of(OWN, "sandbox", ADDED, "sandbox"));

        assertThat(System.getProperty(OWN)).isEqualTo("operator");
        assertThat(System.getProperty(ADDED)).isEqualTo("sandbox");
    }

    /// Dev mode builds the application anew before it starts it again.
    @Test
    void addedSettings_endWithTheRun() {
        System.setProperty(OWN, "operator");
        StartSettings settings = new StartSettings();
        settings.add(Map.of(OWN, "sandbox", ADDED, "sandbox"));

        settings.removeAdded();

        assertThat(System.getProperty(OWN)).isEqualTo("operator");
        assertThat(System.getProperties()).doesNotContainKeys(ADDED, "dev.plinto.polar.settings");
    }
}
