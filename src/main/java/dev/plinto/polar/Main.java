package dev.plinto.polar;

import dev.plinto.polar.start.MigrateSchema;
import dev.plinto.polar.start.RequiredSettings;
import dev.plinto.polar.start.StartFailure;
import dev.plinto.polar.start.StartSettings;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
            settings.add(start(sandbox.get(), settings));
            try {
                Quarkus.run(sandbox.get().asSubclass(QuarkusApplication.class), arguments);
            } finally {
                settings.removeAdded();
            }
            return;
        }
        boolean migrateOnly = List.of(arguments).equals(List.of(MigrateSchema.ARGUMENT));
        List<String> problems = migrateOnly
                ? RequiredSettings.problemsOfMigration(settings::value)
                : RequiredSettings.problems(settings::value);
        StartFailure failure = new StartFailure(settings::value);
        if (!problems.isEmpty()) {
            failure.tell(StartFailure.refusedSettings(problems.stream()));
            System.exit(1);
        }
        if (migrateOnly) {
            migrate(settings::value, failure);
        } else {
            System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload"); // see room http
            Quarkus.run(null, (exitCode, cause) -> exit(exitCode, cause, failure), arguments);
        }
    }

    /// @param cause null unless the start failed
    private static void exit(int exitCode, @Nullable Throwable cause, StartFailure failure) {
        if (cause != null) {
            failure.tell(cause);
        }
        System.exit(exitCode);
    }

    private static void migrate(UnaryOperator<String> configured, StartFailure failure) {
        try {
            System.out.println(MigrateSchema.run(configured));
        } catch (FlywayException failed) {
            failure.tell("The schema was not migrated, and this version of the service needs it. Fix the cause and run "
                    + MigrateSchema.ARGUMENT + " again: " + String.valueOf(failed.getMessage()).strip());
            System.exit(1);
        } catch (RuntimeException failed) {
            failure.tell(failed);
            System.exit(1);
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
    private static Map<String, String> start(Class<?> sandbox, StartSettings settings) {
        try {
            UnaryOperator<String> configured = settings::value;
            return (Map<String, String>) sandbox.getMethod("start", UnaryOperator.class).invoke(null, configured);
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getTargetException();
            System.err.println(cause.getMessage() == null ? cause : cause.getMessage());
            System.exit(1);
            throw new IllegalStateException(cause);
        } catch (ReflectiveOperationException renamed) {
            throw new IllegalStateException(SANDBOX + " no longer has a method start(UnaryOperator)", renamed);
        }
    }

    Main() {} // Quarkus makes this class a bean
}
