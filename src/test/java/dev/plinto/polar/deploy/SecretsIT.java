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

/// The documented Secrets are those that objects refer to, and `k8s/` contains none.
class SecretsIT {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (`[^|]*`) \\|");

    @Test
    void everyReferencedSecret_isInTheTable_andNoOther() throws IOException {
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

    /// Each Kafka user has the password with which its role signs in.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void everyKafkaUser_hasThePasswordThatItsRoleUses(String name) {
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
