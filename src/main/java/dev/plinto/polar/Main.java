package dev.plinto.polar;

import dev.plinto.polar.start.MigrateSchema;
import dev.plinto.polar.start.RequiredSettings;
import dev.plinto.polar.start.StartSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;

/// Starts the service: in production when every setting is there that it needs; on a laptop, where no broker is
/// configured, after the sandbox. Dev mode calls it again at each live reload. With the argument `migrate` it brings the
/// schema up to date and ends.
@QuarkusMain
public final class Main {

    private static final String SANDBOX = "dev.plinto.polar.sandbox.Sandbox";
    private static final String BROKER = "kafka.bootstrap.servers";

    public static void main(String... arguments) {
        var settings = new StartSettings();
        Optional<Class<?>> sandbox = sandbox().filter(present -> settings.value(BROKER) == null);
        if (sandbox.isPresent()) {
            settings.add(start(sandbox.get(), settings::value));
            Quarkus.run(sandbox.get().asSubclass(QuarkusApplication.class), arguments);
            return;
        }
        boolean migrates = List.of(arguments).equals(List.of(MigrateSchema.ARGUMENT));
        List<String> problems = migrates
                ? RequiredSettings.problemsOfMigration(settings::value)
                : RequiredSettings.problems(settings::value);
        if (!problems.isEmpty()) {
            refuse("Plinto Polar does not start. Set these in the environment:\n  - "
                    + String.join("\n  - ", problems));
        }
        if (migrates) {
            migrate(settings::value);
        } else {
            Quarkus.run(null, Main::ended, arguments);
        }
    }

    /// Says in words what somebody has to mend: below the stack trace, or, of settings that are refused, instead of it.
    private static void ended(Integer exitCode, Throwable failure) {
        causes(failure).filter(ConfigValidationException.class::isInstance).findFirst()
                .ifPresent(refused -> System.err.println("Plinto Polar does not start. " + refused.getMessage()));
        if (causes(failure).anyMatch(FlywayException.class::isInstance)) {
            System.err.println("Plinto Polar does not start, since its tables cannot be looked at or migrated: "
                    + causes(failure).map(Throwable::getMessage).filter(Objects::nonNull)
                            .reduce((cause, deeper) -> deeper).orElse("PostgreSQL says nothing")
                    + ". See whether PostgreSQL runs, and QUARKUS_DATASOURCE_REACTIVE_URL leads to it, or"
                    + " POLAR_MIGRATE_URL where it is set.");
        }
        System.exit(exitCode);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static void migrate(UnaryOperator<String> configured) {
        try {
            System.out.println(MigrateSchema.run(configured));
        } catch (FlywayException failed) {
            refuse("The schema is not migrated, and the service of this version does not work without: "
                    + failed.getMessage().strip());
        }
    }

    /// By name, since the production artefact does not have it.
    private static Optional<Class<?>> sandbox() {
        try {
            return Optional.of(Class.forName(SANDBOX, true, Thread.currentThread().getContextClassLoader()));
        } catch (ClassNotFoundException inProduction) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked") // the method's declared type
    private static Map<String, String> start(Class<?> sandbox, UnaryOperator<String> configured) {
        try {
            return (Map<String, String>) sandbox.getMethod("start", UnaryOperator.class).invoke(null, configured);
        } catch (InvocationTargetException failure) {
            refuse(failure.getCause().getMessage());
            throw new IllegalStateException(failure.getCause());
        } catch (ReflectiveOperationException renamed) {
            throw new IllegalStateException(SANDBOX + " has no start(UnaryOperator) any more", renamed);
        }
    }

    private static void refuse(String why) {
        System.err.println(why);
        System.exit(1);
    }

    Main() {} // Quarkus makes it a bean
}
