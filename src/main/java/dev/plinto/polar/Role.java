package dev.plinto.polar;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The parts of the service that an instance can run (`POLAR_ROLES`).
public enum Role {
    INGRESS, PROJECTION, RELAY, RECONCILE, API;

    /// Comma-separated names; null or blank: all of them.
    ///
    /// @throws IllegalArgumentException naming the roles that do not exist, and those that do
    public static Set<Role> parse(String setting) {
        if (setting == null || setting.isBlank()) {
            return EnumSet.allOf(Role.class);
        }
        var unknown = Arrays.stream(setting.split(",")).map(String::strip)
                .filter(name -> Arrays.stream(values()).noneMatch(role -> role.toString().equals(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown role " + String.join(", ", unknown) + "; there are "
                    + Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(",")));
        }
        return Arrays.stream(setting.split(","))
                .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    /// As the setting writes it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
