package dev.plinto.polar.start;

import dev.plinto.polar.Role;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Derives settings that are not set explicitly: SmallRye JWT's from `plinto.*`, and the switches in
/// `application.properties` from the roles of this replica. Registered in `META-INF/services`.
@Priority(Priorities.LIBRARY) // below the interceptor that resolves ${…}, which reads the derived settings
public final class DerivedSettings implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String ROLES = "polar.roles";
    /// True if an identity provider is configured, so that operators can sign in to the console.
    private static final String CONSOLE_LOGIN = "console.login";

    private static final Map<String, String> DERIVED_FROM = Map.of(
            "mp.jwt.verify.publickey.location", "plinto.jwks.url",
            "mp.jwt.verify.issuer", "plinto.jwt.issuer",
            "mp.jwt.verify.audiences", "plinto.jwt.audience");

    /// True if this replica runs one of the roles.
    private static final Map<String, Set<Role>> TRUE_FOR_ROLES = Map.of(
            "role.publishes", EnumSet.of(Role.INGRESS, Role.RECONCILE, Role.API), // API: operators replay events
            "role.projects", EnumSet.of(Role.PROJECTION),
            "role.persists", EnumSet.of(Role.API), // entities: those of billing
            "role.migrates", EnumSet.complementOf(EnumSet.of(Role.INGRESS)));

    /// True if the replica projects, and this deployment sells by Conekta.
    private static final String PROJECTS_CONEKTA = "role.projects.conekta";
    private static final String CONEKTA_KEY = "conekta.private-key";

    private static final String SESSION_TIMEOUT = "polar.projection.session-timeout";
    private static final String DEFAULT_SESSION_TIMEOUT = "10s";
    /// Settings of Kafka's consumer in milliseconds: the session timeout divided by the value.
    private static final Map<String, Integer> FRACTION_OF_SESSION = Map.of("session.millis", 1, "heartbeat.millis", 3);

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null) {
            return set;
        }
        if (DERIVED_FROM.containsKey(name)) {
            return from(DERIVED_FROM.get(name), name, context);
        }
        if (name.equals(CONSOLE_LOGIN)) {
            return bool(name, isSet("quarkus.oidc.auth-server-url", context));
        }
        if (name.equals(PROJECTS_CONEKTA)) {
            return bool(name, isSet(CONEKTA_KEY, context)
                    && Boolean.parseBoolean(runsAnyOf(EnumSet.of(Role.PROJECTION), name, context).getValue()));
        }
        if (FRACTION_OF_SESSION.containsKey(name)) {
            ConfigValue timeout = context.restart(SESSION_TIMEOUT);
            Duration session = DurationConverter.parseDuration(
                    timeout == null || timeout.getValue() == null ? DEFAULT_SESSION_TIMEOUT : timeout.getValue());
            return value(name, Long.toString(session.toMillis() / FRACTION_OF_SESSION.get(name)));
        }
        return TRUE_FOR_ROLES.containsKey(name) ? runsAnyOf(TRUE_FOR_ROLES.get(name), name, context) : null;
    }

    private static @Nullable ConfigValue from(String setting, String name, ConfigSourceInterceptorContext context) {
        ConfigValue value = context.restart(setting);
        return value == null || value.getValue() == null ? null : value.from().withName(name).build();
    }

    private static boolean isSet(String setting, ConfigSourceInterceptorContext context) {
        ConfigValue value = context.restart(setting);
        return value != null && value.getValue() != null && !value.getValue().isBlank();
    }

    private static ConfigValue runsAnyOf(Set<Role> needed, String name, ConfigSourceInterceptorContext context) {
        ConfigValue roles = context.restart(ROLES);
        Set<Role> running = Role.parse(roles == null ? null : roles.getValue());
        return bool(name, !Collections.disjoint(running, needed));
    }

    private static ConfigValue bool(String name, boolean value) {
        return value(name, Boolean.toString(value));
    }

    private static ConfigValue value(String name, String value) {
        return ConfigValue.builder()
                .withName(name)
                .withValue(value)
                .withConfigSourceName(DerivedSettings.class.getSimpleName())
                .build();
    }
}
