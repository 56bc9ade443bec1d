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
import org.jspecify.annotations.Nullable;

/// Starts the service. In production it first checks that every required setting is present; on a laptop, where no
/// broker is configured, it first starts the sandbox. Dev mode calls it again at each live reload. With the argument
/// `migrate` it brings the schema up to date and exits.
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
        boolean migrateOnly = List.of(arguments).equals(List.of(MigrateSchema.ARGUMENT));
        List<String> problems = migrateOnly
                ? RequiredSettings.problemsOfMigration(settings::value)
                : RequiredSettings.problems(settings::value);
        if (!problems.isEmpty()) {
            refuse("Plinto Polar does not start. Set or correct these environment variables:\n  - "
                    + String.join("\n  - ", problems));
        }
        if (migrateOnly) {
            migrate(settings::value);
        } else {
            Quarkus.run(null, Main::onExit, arguments);
        }
    }

    /// Prints what failed and what to do: below the stack trace or, if settings are refused, instead of it.
    private static void onExit(Integer exitCode, Throwable failure) {
        causes(failure).filter(ConfigValidationException.class::isInstance).findFirst()
                .ifPresent(refused -> System.err.println("Plinto Polar does not start. " + refused.getMessage()));
        if (causes(failure).anyMatch(FlywayException.class::isInstance)) {
            System.err.println("Plinto Polar does not start: the database schema cannot be checked or migrated: "
                    + causes(failure).map(Throwable::getMessage).filter(Objects::nonNull)
                            .reduce((cause, deeper) -> deeper).orElse("no reason given")
                    + ". Check that PostgreSQL runs, and that QUARKUS_DATASOURCE_REACTIVE_URL (and POLAR_MIGRATE_URL,"
                    + " if set) names it.");
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
            refuse("The schema was not migrated, and this version of the service needs it. Fix the cause and run "
                    + MigrateSchema.ARGUMENT + " again: " + String.valueOf(failed.getMessage()).strip());
        }
    }

    /// Looked up by name, since the production artefact does not contain it.
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
            Throwable cause = failure.getTargetException();
            refuse(cause.getMessage());
            throw new IllegalStateException(cause);
        } catch (ReflectiveOperationException renamed) {
            throw new IllegalStateException(SANDBOX + " no longer has a method start(UnaryOperator)", renamed);
        }
    }

    private static void refuse(@Nullable String why) {
        System.err.println(why);
        System.exit(1);
    }

    Main() {} // Quarkus makes this class a bean
}
