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

/// The spool is in the service's own database: what is not set for its connections (`quarkus.datasource.spool.…`) is as
/// for the others (`quarkus.datasource.…`), TLS included. Found by its entry in `META-INF/services`.
@Priority(Priorities.LIBRARY) // below the one that resolves ${…}
public final class SpoolSettings implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String DATABASE = "quarkus.datasource.";
    private static final String SPOOL = DATABASE + SpoolConnections.NAME + ".";
    /// One in each group of settings, since Quarkus looks only for those of datasources whose name it finds there.
    private static final List<String> NAMES = List.of("username", "reactive.url", "reactive.postgresql.ssl-mode");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null || !name.startsWith(SPOOL)) {
            return set;
        }
        ConfigValue ofTheOthers = context.restart(DATABASE + name.substring(SPOOL.length()));
        return ofTheOthers == null ? null : ofTheOthers.from().withName(name).build();
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        Set<String> names = new LinkedHashSet<>();
        context.iterateNames().forEachRemaining(names::add);
        NAMES.forEach(name -> names.add(SPOOL + name));
        return names.iterator();
    }
}
