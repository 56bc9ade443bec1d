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

/// Settings that follow from others, unless they are set themselves: tokens are verified as `plinto.*` says. And what
/// `application.properties` asks about the roles of this replica. Found by its entry in `META-INF/services`.
@Priority(Priorities.LIBRARY) // below the one that resolves ${…}, which asks for what is derived here
public final class DerivedSettings implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String ROLES = "polar.roles";
    /// Whether people can sign in to the console: where an identity provider is named.
    private static final String LOGIN = "console.login";

    private static final Map<String, String> FROM = Map.of(
            "mp.jwt.verify.publickey.location", "plinto.jwks.url",
            "mp.jwt.verify.issuer", "plinto.jwt.issuer",
            "mp.jwt.verify.audiences", "plinto.jwt.audience");

    /// True where this replica has one of the roles.
    private static final Map<String, Set<Role>> RUNS = Map.of(
            "role.publishes", EnumSet.of(Role.INGRESS, Role.RECONCILE, Role.API), // the last: what operators replay
            "role.projects", EnumSet.of(Role.PROJECTION),
            "role.migrates", EnumSet.complementOf(EnumSet.of(Role.INGRESS)));

    private static final String SESSION_TIMEOUT = "polar.projection.session-timeout";
    private static final String USUAL_SESSION_TIMEOUT = "10s";
    /// Of Kafka's consumer, in milliseconds: the session time-out divided by this.
    private static final Map<String, Integer> OF_SESSION = Map.of("session.millis", 1, "heartbeat.millis", 3);

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null) {
            return set;
        }
        if (FROM.containsKey(name)) {
            return from(FROM.get(name), name, context);
        }
        if (name.equals(LOGIN)) {
            ConfigValue provider = context.restart("quarkus.oidc.auth-server-url");
            return bool(name, provider != null && provider.getValue() != null && !provider.getValue().isBlank());
        }
        if (OF_SESSION.containsKey(name)) {
            ConfigValue timeout = context.restart(SESSION_TIMEOUT);
            Duration session = DurationConverter.parseDuration(
                    timeout == null || timeout.getValue() == null ? USUAL_SESSION_TIMEOUT : timeout.getValue());
            return value(name, Long.toString(session.toMillis() / OF_SESSION.get(name)));
        }
        return RUNS.containsKey(name) ? runs(RUNS.get(name), name, context) : null;
    }

    private static ConfigValue from(String setting, String name, ConfigSourceInterceptorContext context) {
        ConfigValue value = context.restart(setting);
        return value == null || value.getValue() == null ? null : value.from().withName(name).build();
    }

    private static ConfigValue runs(Set<Role> any, String name, ConfigSourceInterceptorContext context) {
        ConfigValue roles = context.restart(ROLES);
        Set<Role> running = Role.parse(roles == null ? null : roles.getValue());
        return bool(name, !Collections.disjoint(running, any));
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
