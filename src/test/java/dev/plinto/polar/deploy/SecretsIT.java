package dev.plinto.polar.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The Secrets that are to be made are those that are referred to, and none comes with `k8s/`.
class SecretsIT {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (`[^|]*`) \\|");

    @Test
    void everySecretThatIsReferredTo_isInTheTable_andNoOther() throws IOException {
        Set<String> documented = ROW.matcher(Files.readString(Path.of("k8s/README.md"))).results()
                .flatMap(row -> Arrays.stream(row.group(2).replace("`", "").split(", "))
                        .map(key -> row.group(1) + "/" + key))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = new TreeSet<>();
        for (String name : new String[] {"staging", "staging-migration", "staging-kafka", "production",
                "production-migration", "production-kafka"}) {
            used.addAll(Secrets.referredTo(Rendered.of(name)));
        }

        assertThat(used).isNotEmpty().isEqualTo(documented);
    }

    /// Who logs in to Kafka with a password is the user that has it.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void everyUserOfKafka_hasThePasswordThatItsRoleLogsInWith(String name) {
        Set<String> passwords = Secrets.referredTo(Rendered.of(name)).stream()
                .filter(secret -> secret.startsWith("plinto-polar-kafka/") && !secret.endsWith("ca.crt"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(Secrets.referredTo(Rendered.of(name + "-kafka"))).isEqualTo(passwords);
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production", "staging-migration", "production-migration", "staging-kafka",
            "production-kafka"})
    void noSecret_isInTheRepository(String name) {
        assertThat(Rendered.of(name).kind("Secret")).isEmpty();
    }
}
