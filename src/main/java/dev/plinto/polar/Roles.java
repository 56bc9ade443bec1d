package dev.plinto.polar;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Set;

/// The roles of this replica (`POLAR_ROLES`).
@ConfigMapping(prefix = "polar")
public interface Roles {

    @WithDefault("ingress,projection,relay,reconcile,api,usage")
    Set<Role> roles();

    default boolean include(Role role) {
        return roles().contains(role);
    }
}
