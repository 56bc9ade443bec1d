package dev.plinto.polar.start;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The settings that decide what tokens may do. A value that production does not take as it is meant is refused.
final class TokenSettings {

    private static final String ROLES_OF_ORGANIZATION = "plinto.jwt.roles-of-organization";
    private static final String SERVICE_CLIENTS = "plinto.service-clients";
    private static final String ALL_CLIENTS = "*";

    /// One line for each that is refused. A setting that is not set is not checked.
    static List<String> problems(UnaryOperator<@Nullable String> configured) {
        return Stream.concat(
                value(ROLES_OF_ORGANIZATION, configured).filter(value -> !Set.of("true", "false").contains(value))
                        .map(value -> RequiredSettings.environmentName(ROLES_OF_ORGANIZATION)
                                + " is neither true nor false"),
                value(SERVICE_CLIENTS, configured).flatMap(TokenSettings::refusedClients)
                        .map(why -> RequiredSettings.environmentName(SERVICE_CLIENTS) + " " + why))
                .toList();
    }

    private static Stream<String> value(String property, UnaryOperator<@Nullable String> configured) {
        return Stream.ofNullable(configured.apply(property)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static Stream<String> refusedClients(String value) {
        List<String> clients = Arrays.stream(value.split(",")).map(String::strip).toList();
        if (clients.contains(ALL_CLIENTS)) {
            return Stream.of("names all clients by *, which only the sandbox takes: name each client that may act for "
                    + "any organization");
        }
        return clients.stream().anyMatch(client -> client.chars().anyMatch(Character::isWhitespace))
                ? Stream.of("has a client id with a space: separate client ids by commas")
                : Stream.empty();
    }

    private TokenSettings() {}
}
