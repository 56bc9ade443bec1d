package dev.plinto.polar;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parts of the service that a replica can run (`POLAR_ROLES`).
public enum Role {
    INGRESS, PROJECTION, RELAY, RECONCILE, API, USAGE;

    /// Parses comma-separated names; null or blank means all roles.
    ///
    /// @throws IllegalArgumentException that lists the unknown and the known roles
    public static Set<Role> parse(@Nullable String setting) {
        if (setting == null || setting.isBlank()) {
            return EnumSet.allOf(Role.class);
        }
        var unknown = Arrays.stream(setting.split(",")).map(String::strip)
                .filter(name -> Arrays.stream(values()).noneMatch(role -> role.toString().equals(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown role " + String.join(", ", unknown) + "; the roles are "
                    + Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(",")));
        }
        return Arrays.stream(setting.split(","))
                .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    /// The name as `POLAR_ROLES` writes it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
