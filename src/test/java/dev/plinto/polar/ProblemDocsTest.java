package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/problems.md` lists the problems that the code can answer, each with its status, and no others.
class ProblemDocsTest {

    private static final Pattern CREATION = Pattern.compile("new Problem\\(");
    private static final Pattern NAME_AND_STATUS = Pattern.compile("new Problem\\(\\s*\"([a-z-]+)\"\\s*(?:,\\s*(\\d+))?");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)(?:<status>)?` \\| (\\d*)");

    @Test
    void everyProblemIsDocumented_andNothingElse() throws IOException {
        assertThat(documented()).isEqualTo(answered());
    }

    /// So that none escapes this test.
    @Test
    void everyProblemsName_isALiteralWhereItIsMade() {
        sources().forEach(source -> assertThat(NAME_AND_STATUS.matcher(source).results().count())
                .isEqualTo(CREATION.matcher(source).results().count()));
    }

    /// `<name> <status>`; the status is left out where it is not known before, which is that of `http-<status>`.
    private static Set<String> answered() {
        return sources().flatMap(source -> NAME_AND_STATUS.matcher(source).results())
                .map(ProblemDocsTest::nameAndStatus)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented() throws IOException {
        return ROW.matcher(Files.readString(Path.of("docs/problems.md"))).results()
                .map(ProblemDocsTest::nameAndStatus)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String nameAndStatus(MatchResult found) {
        return found.group(2) == null ? found.group(1) + " " : found.group(1) + " " + found.group(2);
    }

    private static Stream<String> sources() {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).map(ProblemDocsTest::read).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
