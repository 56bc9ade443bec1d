package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerivedSettingsTest {

    private static final String JDBC = "quarkus.datasource.jdbc.url";

    @ParameterizedTest
    @CsvSource({
        "postgresql://db:5432/polar, jdbc:postgresql://db:5432/polar",
        "vertx-reactive:postgresql://db:5432/polar, jdbc:postgresql://db:5432/polar",
        "postgresql://db/polar?sslmode=require&a=b, jdbc:postgresql://db/polar?sslmode=require&a=b",
        "postgres://db/polar, jdbc:postgresql://db/polar",
    })
    void jdbcUrl_isDerivedFromTheReactiveOne(String reactive, String jdbc) {
        assertThat(value(JDBC, Map.of("quarkus.datasource.reactive.url", reactive))).isEqualTo(jdbc);
    }

    @Test
    void setItself_isLeftAsItIs() {
        assertThat(value(JDBC, Map.of("quarkus.datasource.reactive.url", "postgresql://db/polar", JDBC, "jdbc:other")))
                .isEqualTo("jdbc:other");
    }

    @Test
    void noDatabase_noUrl() {
        assertThat(value(JDBC, Map.of())).isNull();
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
    void whatTheRolesOfThisReplicaNeed(String setting, String roles, String on) {
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
