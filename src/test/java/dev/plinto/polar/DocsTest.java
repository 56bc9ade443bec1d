package dev.plinto.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.OpenApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Classes, paths, calls and links that the documentation names exist.
class DocsTest {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
    private static final Pattern PATH = Pattern
            .compile("(?<![\\w./-])((?:api|bench|deploy|docs|k8s|src)/[\\w./-]*[\\w/])");
    private static final Pattern CALL = Pattern.compile("`((?:GET|POST|PUT|DELETE) /[^`?\\s]*)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern PROFILE = Pattern.compile("mvnw[^\\n`]* -P(\\w+)");
    private static final int TOO_LONG_FOR_CHANCE = 60;
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    static Stream<Path> prose() throws IOException {
        try (Stream<Path> root = Files.list(Path.of(""));
                Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> bench = Files.list(Path.of("bench"));
                Stream<Path> k8s = Files.list(Path.of("k8s"));
                Stream<Path> deploy = Files.walk(Path.of("deploy"))) {
            return Stream.of(root, docs, bench, k8s, deploy).flatMap(files -> files)
                    .filter(file -> !file.toString().contains("node_modules")) // what npm has fetched
                    .filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
        }
    }

    /// The prose and the contract's documents, which name headers but no classes.
    static Stream<Path> documents() throws IOException {
        try (Stream<Path> api = Files.list(ApiDocument.DIRECTORY)) {
            return Stream.concat(prose(), api.filter(file -> file.toString().endsWith(".yaml"))).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("prose")
    void everyNamedClass_exists(Path document) throws IOException {
        Set<String> classes = classes();
        assertThat(CLASS_NAME.matcher(text(document)).results().map(found -> found.group(1)))
                .allMatch(classes::contains, "is a class in src");
    }

    /// As a merge leaves it that keeps both sides. (Their lines may break elsewhere.)
    @ParameterizedTest
    @MethodSource("prose")
    void nothing_isSaidTwice(Path document) throws IOException {
        assertThat(text(document).lines().map(String::strip)
                .filter(line -> line.length() > TOO_LONG_FOR_CHANCE && !line.startsWith("|"))
                .map(line -> line.substring(0, TOO_LONG_FOR_CHANCE))).doesNotHaveDuplicates();
    }

    /// Maven only warns of an unknown profile.
    @Test
    void everyNamedProfile_exists() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> texts = new ArrayList<>(List.of(Files.readString(Path.of(".ci", "run"))));
        for (Path document : prose().toList()) {
            texts.add(Files.readString(document));
        }

        assertThat(texts.stream().flatMap(text -> PROFILE.matcher(text).results())).isNotEmpty()
                .allSatisfy(match -> assertThat(pom).contains("<id>" + match.group(1) + "</id>"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyNamedPath_exists(Path document) throws IOException {
        assertThat(PATH.matcher(Files.readString(document)).results().map(found -> Path.of(found.group(1))))
                .allMatch(Files::exists, "exists");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyNamedCall_isInOpenApi(Path document) throws IOException {
        assertThat(CALL.matcher(text(document)).results().map(found -> found.group(1)))
                .isSubsetOf(new OpenApi().operations());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyRelativeLink_resolves(Path document) throws IOException {
        for (MatchResult link : LINK.matcher(text(document)).results().toList()) {
            Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
            assertThat(target).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as(target.toString()).contains(link.group(2));
            }
        }
    }

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }

    /// The anchors that GitHub derives from headings.
    private static Set<String> anchors(Path document) throws IOException {
        return HEADING.matcher(text(document)).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).strip()
                        .replaceAll("[^\\w\\s-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /// The document without its code blocks.
    private static String text(Path document) throws IOException {
        return FENCED.matcher(Files.readString(document)).replaceAll("");
    }
}
