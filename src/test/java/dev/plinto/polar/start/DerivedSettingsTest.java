package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedSettingsTest {

    private static final String ISSUER = "mp.jwt.verify.issuer";

    @Test
    void tokenVerification_isDerivedFromPlintoSettings() {
        assertThat(value(ISSUER, Map.of("plinto.jwt.issuer", "https://plinto.example")))
                .isEqualTo("https://plinto.example");
    }

    @Test
    void explicitSetting_isKept() {
        assertThat(
                value(ISSUER, Map.of("plinto.jwt.issuer", "https://plinto.example", ISSUER, "https://other.example")))
                .isEqualTo("https://other.example");
    }

    @Test
    void unsetSource_derivesNothing() {
        assertThat(value(ISSUER, Map.of())).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "role.projects | ingress,relay | false",
            "role.projects | projection | true",
            "role.projects | '' | true",
            "role.publishes | projection,relay | false",
            "role.publishes | api | true",
            "role.publishes | ingress | true",
            "role.migrates | ingress | false",
            "role.migrates | ingress,api | true",
    })
    void switches_followTheRoles(String setting, String roles, String on) {
        assertThat(value(setting, Map.of("polar.roles", roles))).isEqualTo(on);
    }

    private static String value(String setting, Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withDefaultValues(settings)
                .withInterceptors(new DerivedSettings())
                .build();
        return config.getConfigValue(setting).getValue();
    }
}
