package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each deliberate defect still applies, and names an existing test. Checking that the test detects it takes long:
/// `src/test/defects/run`.
class DefectsTest {

    private static final Path DEFECTS = Path.of("src", "test", "defects");

    static Stream<Path> defects() throws IOException {
        try (Stream<Path> files = Files.list(DEFECTS)) {
            return files.filter(file -> file.toString().endsWith(".patch")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void defect_stillApplies(Path defect) throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of(".git")), "skipped: git apply needs a clone");
        Process apply = new ProcessBuilder("git", "apply", "--check", defect.toString()).inheritIO().start();
        assertThat(apply.waitFor()).isZero();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void itsTest_exists(Path defect) throws IOException {
        String test = Files.readString(defect).lines().filter(line -> line.startsWith("Test: ")).findFirst()
                .orElseThrow()
                .substring("Test: ".length());
        String[] parts = test.split("#");
        try (Stream<Path> tests = Files.walk(Path.of("src", "test", "java"))) {
            Path file = tests.filter(path -> path.endsWith(parts[0] + ".java")).findFirst().orElseThrow();
            assertThat(Files.readString(file)).contains(parts[parts.length - 1]);
        }
    }
}
