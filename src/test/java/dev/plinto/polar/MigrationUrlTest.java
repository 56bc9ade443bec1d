package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationUrlTest {

    private static final String JDBC = "quarkus.datasource.jdbc.url";

    @ParameterizedTest
    @CsvSource({
        "postgresql://db:5432/polar, jdbc:postgresql://db:5432/polar",
        "vertx-reactive:postgresql://db:5432/polar, jdbc:postgresql://db:5432/polar",
        "postgresql://db/polar?sslmode=require&a=b, jdbc:postgresql://db/polar?sslmode=require&a=b",
        "postgres://db/polar, jdbc:postgresql://db/polar",
    })
    void isDerivedFromTheReactiveUrl(String reactive, String jdbc) {
        assertThat(value(Map.of("quarkus.datasource.reactive.url", reactive))).isEqualTo(jdbc);
    }

    @Test
    void setItself_isLeftAsItIs() {
        assertThat(value(Map.of("quarkus.datasource.reactive.url", "postgresql://db/polar", JDBC, "jdbc:other")))
                .isEqualTo("jdbc:other");
    }

    @Test
    void noDatabase_noUrl() {
        assertThat(value(Map.of())).isNull();
    }

    private static String value(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withDefaultValues(settings)
                .withInterceptors(new MigrationUrl())
                .build();
        return config.getConfigValue(JDBC).getValue();
    }
}
