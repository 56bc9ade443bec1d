package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.OpenApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every problem in the code is in `docs/problems.md` and, unless it is the sandbox's, at some operation of
/// `api/openapi.yaml`, each with its status; and no others are.
class DocumentedProblemsTest {

    private static final Path SERVICE = Path.of("src/main/java");
    private static final Path SANDBOX = Path.of("src/sandbox/java");
    private static final Pattern CREATION = Pattern.compile(
            "new Problem\\((?!name, status, title, detail, more\\))"); // which has another member, and no other name
    private static final Pattern MADE = Pattern.compile("new Problem\\(\\s*\"([a-z-]+)\"\\s*(?:,\\s*(\\d+))?");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)(?:<status>)?` \\| (\\d*)");
    private static final Pattern ANSWER = Pattern.compile("\\S+ \\S+ (\\d+|default) (\\S+)");

    @Test
    void everyProblem_isInTheDocs_once_andNoOther() throws IOException {
        List<String> rows = ROW.matcher(Files.readString(Path.of("docs/problems.md"))).results()
                .map(row -> nameAndStatus(row.group(1), row.group(2))).toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(answered(bothSources()));
    }

    @Test
    void everyProblemOfTheService_isInOpenApi_andNoOther() {
        Set<String> answers = new OpenApi().answers().stream()
                .flatMap(answer -> ANSWER.matcher(answer).results())
                .map(answer -> nameAndStatus(answer.group(2), answer.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(answers).isEqualTo(answered(sources(SERVICE)));
    }

    /// No problem escapes this test.
    @Test
    void everyProblemName_isALiteralAtItsCreation() {
        assertThat(bothSources()).allSatisfy(file -> assertThat(found(MADE, file).count())
                .isEqualTo(found(CREATION, file).count()));
    }

    private static Set<String> answered(Stream<Path> sources) {
        return sources.flatMap(file -> found(MADE, file))
                .map(made -> nameAndStatus(made.group(1), made.group(2)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The status is left out if the name contains it: `http-<status>`.
    private static String nameAndStatus(String name, String status) {
        return name.equals("http-") ? name : name + " " + status;
    }

    private static Stream<Path> bothSources() {
        return Stream.concat(sources(SERVICE), sources(SANDBOX));
    }

    private static Stream<Path> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<MatchResult> found(Pattern pattern, Path file) {
        try {
            return pattern.matcher(Files.readString(file)).results();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
