package dev.plinto.polar.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.OpenApi;
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

/// Every problem that the service can answer is at some call of `api/openapi.yaml`, with its status, and no others are.
/// (That each is a literal where it is made, `ProblemDocsTest` makes sure.)
class DocumentedProblemsTest {

    private static final Pattern CREATION = Pattern.compile("new Problem\\(\\s*\"([a-z-]+)\"\\s*(?:,\\s*(\\d+))?");
    private static final Pattern ANSWER = Pattern.compile("\\S+ \\S+ (\\d+|default) (\\S+)");

    @Test
    void everyProblem_isInTheDocument_andNoOther() throws IOException {
        assertThat(documented()).isEqualTo(answered());
    }

    /// `<name> <status>`; the status is left out where it is in the name.
    private static Set<String> answered() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/plinto/polar"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.startsWith("src/main/java/dev/plinto/polar/sandbox"))
                    .flatMap(file -> CREATION.matcher(read(file)).results())
                    .map(found -> nameAndStatus(found.group(1), found.group(2)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> documented() {
        return new OpenApi().answers().stream()
                .flatMap(answer -> ANSWER.matcher(answer).results())
                .map(DocumentedProblemsTest::nameAndStatus)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String nameAndStatus(MatchResult answer) {
        return nameAndStatus(answer.group(2), answer.group(1));
    }

    private static String nameAndStatus(String name, String status) {
        return name.equals("http-") ? name : name + " " + status;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
