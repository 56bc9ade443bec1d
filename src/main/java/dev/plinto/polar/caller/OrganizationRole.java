package dev.plinto.polar.caller;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a person is in one organization, the highest first.
public enum OrganizationRole {
    OWNER, ADMIN, MEMBER, VIEWER;

    static Set<OrganizationRole> any() {
        return EnumSet.allOf(OrganizationRole.class);
    }

    /// Empty for every other text: a role that is not known gives nothing.
    static Optional<OrganizationRole> named(@Nullable String name) {
        return Arrays.stream(values()).filter(role -> role.toString().equals(name)).findFirst();
    }

    /// The name as tokens write it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
