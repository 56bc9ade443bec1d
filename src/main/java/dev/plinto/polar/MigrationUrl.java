package dev.plinto.polar;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;

/// The migration speaks JDBC to the database that the service speaks to reactively: its URL is derived, unless it is
/// set. Found by its entry in `META-INF/services`.
public final class MigrationUrl implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;
    private static final String JDBC = "quarkus.datasource.jdbc.url";
    private static final String REACTIVE = "quarkus.datasource.reactive.url";

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue set = context.proceed(name);
        if (set != null || !name.equals(JDBC)) {
            return set;
        }
        ConfigValue reactive = context.proceed(REACTIVE);
        return reactive == null || reactive.getValue() == null
                ? null
                : reactive.from().withName(JDBC).withValue(jdbc(reactive.getValue())).build();
    }

    /// `vertx-reactive:postgresql://db:5432/polar?sslmode=require` and the same without the prefix become
    /// `jdbc:postgresql://db:5432/polar?sslmode=require`.
    static String jdbc(String reactive) {
        return "jdbc:" + reactive.strip()
                .replaceFirst("^vertx-reactive:", "")
                .replaceFirst("^postgres:", "postgresql:");
    }
}
