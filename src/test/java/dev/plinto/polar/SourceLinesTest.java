package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The formatter wraps code, but neither comments nor texts.
class SourceLinesTest {

    private static final int MAX_COLUMNS = 120;

    @Test
    void noLineOfTheSources_isTooLong() {
        List<String> tooLong = Stream.of("src/main/java", "src/sandbox/java", "src/test/java", "bench/src")
                .flatMap(SourceLinesTest::sources).flatMap(SourceLinesTest::tooLong).toList();

        assertThat(tooLong).as("lines of more than %d columns: wrap them", MAX_COLUMNS).isEmpty();
    }

    private static Stream<Path> sources(String root) {
        try (Stream<Path> files = Files.walk(Path.of(root))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<String> tooLong(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size()).filter(line -> lines.get(line).length() > MAX_COLUMNS)
                    .mapToObj(line -> file + ":" + (line + 1)).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
