package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrateSchemaTest {

    @ParameterizedTest
    @CsvSource({
            "postgresql://db:5432/polar, jdbc:postgresql://db:5432/polar",
            "vertx-reactive:postgresql://db:5432/polar, jdbc:postgresql://db:5432/polar",
            "postgresql://db/polar?sslmode=require&a=b, jdbc:postgresql://db/polar?sslmode=require&a=b",
            "postgres://db/polar, jdbc:postgresql://db/polar",
    })
    void jdbcUrl_isDerivedFromTheReactiveOne(String reactive, String jdbc) {
        Map<String, String> settings = Map.of("quarkus.datasource.reactive.url", reactive, "polar.migrate.url", " ");
        assertThat(MigrateSchema.url(settings::get)).isEqualTo(jdbc);
    }

    @Test
    void explicitJdbcUrl_isUsed() {
        assertThat(MigrateSchema.url(Map.of("polar.migrate.url", "jdbc:postgresql://other/polar\n")::get))
                .isEqualTo("jdbc:postgresql://other/polar");
    }

    /// With an older version, a start would accept a schema that lacks the newest migration.
    @Test
    void schemaVersion_isTheNewestMigration() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            assertThat(files.map(file -> file.getFileName().toString().replaceAll("^V|__.*$", ""))
                    .map(MigrationVersion::fromVersion).max(MigrationVersion::compareTo))
                    .hasValue(MigrationVersion.fromVersion(Long.toString(Schema.VERSION)));
        }
    }
}
