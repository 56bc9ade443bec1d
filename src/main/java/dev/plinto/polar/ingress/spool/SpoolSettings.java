package dev.plinto.polar.ingress.spool;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The spool is in the service's own database: a setting that is absent for the spool (`quarkus.datasource.spool.…`) is
/// that of the other connections (`quarkus.datasource.…`), TLS included. Registered in `META-INF/services`.
@Priority(Priorities.LIBRARY) // below the interceptor that resolves ${…}
public final class SpoolSettings implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String DATABASE = "quarkus.datasource.";
    private static final String SPOOL = DATABASE + SpoolConnections.NAME + ".";
    /// One of each group of settings: Quarkus searches a group only for the datasources whose names it finds in it.
    private static final List<String> NAMES = List.of("username", "reactive.url", "reactive.postgresql.ssl-mode");

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null || !name.startsWith(SPOOL)) {
            return set;
        }
        ConfigValue shared = context.restart(DATABASE + name.substring(SPOOL.length()));
        return shared == null ? null : shared.from().withName(name).build();
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        Set<String> names = new LinkedHashSet<>();
        context.iterateNames().forEachRemaining(names::add);
        NAMES.forEach(name -> names.add(SPOOL + name));
        return names.iterator();
    }
}
