package dev.plinto.polar.start;

import dev.plinto.polar.billing.AllowedOrigins;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The settings that say where buyers may be sent back to.
final class ReturnSettings {

    /// One line for each that is refused. A setting that is not set is not checked.
    static List<String> problems(UnaryOperator<@Nullable String> configured) {
        return AllowedOrigins.problems(value("polar.app-url", configured),
                value("polar.return-hosts", configured).map(hosts -> Arrays.asList(hosts.split(",")))
                        .orElse(List.of()));
    }

    private static Optional<String> value(String property, UnaryOperator<@Nullable String> configured) {
        return Optional.ofNullable(configured.apply(property)).filter(value -> !value.isBlank());
    }

    private ReturnSettings() {}
}
