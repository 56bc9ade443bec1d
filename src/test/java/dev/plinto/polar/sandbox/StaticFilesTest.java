package dev.plinto.polar.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// In dev mode a directory of static files answers for its own path: with a redirect that drops the query.
class StaticFilesTest {

    private static final Path FILES = Path.of("src/sandbox/resources/META-INF/resources");

    @Test
    void noDirectory_hasThePathOfAPage() {
        assertThat(FILES.resolve("sandbox/static/pages.css")).exists();
        assertThat(FILES.resolve("sandbox/polar")).as("the path of the shop").doesNotExist();
    }
}
