package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Whoever creates the token reads in the documentation which scopes it needs.
class DocumentedScopesTest {

    private static final Pattern SCOPE = Pattern.compile("`([a-z_]+:(?:read|write))`");

    @Test
    void documentedScopes_areThoseOfTheOperations() throws IOException {
        Set<String> documented = Files.readString(Path.of("docs", "polar-setup.md")).lines()
                .dropWhile(line -> !line.equals("## Access token"))
                .skip(1).takeWhile(line -> !line.startsWith("## "))
                .flatMap(line -> SCOPE.matcher(line).results()).map(scope -> scope.group(1))
                .collect(Collectors.toSet());

        assertThat(documented).isEqualTo(Arrays.stream(Operation.values()).map(Operation::scope)
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toSet()));
    }
}
