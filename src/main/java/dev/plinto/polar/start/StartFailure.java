package dev.plinto.polar.start;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.bootstrap.logging.QuarkusDelayedHandler;
import io.quarkus.logging.json.runtime.JsonFormatter;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.ConfigValidationException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.formatters.StructuredFormatter.ExceptionOutputType;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.jspecify.annotations.Nullable;

/// Says why the service does not start: on standard error, for the person who started it, and in the log, in its
/// format, for whoever collects it. Quarkus itself says nothing, since [dev.plinto.polar.Main] handles the exit.
public final class StartFailure {

    private static final Logger LOG = Logger.getLogger(StartFailure.class);
    private static final String JSON_LOG = "quarkus.log.console.json.enabled";
    private static final String TEXT = "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c] (%t) %s%e%n";

    /// What SmallRye Config says of a value that it cannot convert.
    private static final Pattern UNREADABLE = Pattern.compile("(?s).*The config property (\\S+) with the config value "
            + "\"(.*)\" threw an Exception whilst being converted (.*)");

    private static final Pattern EXCEPTION = Pattern.compile("^java\\.[\\w.]+: ");

    private final UnaryOperator<@Nullable String> configured;

    /// @param configured returns a property's value, or null
    public StartFailure(UnaryOperator<@Nullable String> configured) {
        this.configured = configured;
    }

    /// For an operator's mistake, which needs no stack trace.
    public void tell(String why) {
        tell(why, null);
    }

    /// The log also has the stack trace, unless a setting is refused.
    public void tell(Throwable failure) {
        ConfigValidationException refused = first(ConfigValidationException.class, failure);
        if (refused != null) {
            tell(refusedSettings(IntStream.range(0, refused.getProblemCount())
                    .mapToObj(i -> named(String.valueOf(refused.getProblem(i).getMessage())))));
        } else if (first(FlywayException.class, failure) != null) {
            tell("Plinto Polar does not start: the database schema cannot be checked or migrated: "
                    + reason(failure) + ". Check that PostgreSQL runs, and that QUARKUS_DATASOURCE_REACTIVE_URL (and "
                    + "POLAR_MIGRATE_URL, if set) names it.", failure);
        } else {
            tell("Plinto Polar does not start: " + reason(failure), failure);
        }
    }

    public static String refusedSettings(Stream<String> problems) {
        return problems.collect(Collectors.joining("\n  - ",
                "Plinto Polar does not start. Set or correct these environment variables:\n  - ", ""));
    }

    private void tell(String why, @Nullable Throwable failure) {
        ensureLog();
        LOG.error(why, failure);
        System.err.println(why); // below the stack trace
    }

    private static String named(String problem) {
        var unreadable = UNREADABLE.matcher(problem);
        return unreadable.matches()
                ? RequiredSettings.environmentName(unreadable.group(1)) + " cannot be \"" + unreadable.group(2) + "\": "
                        + unreadable.group(3)
                : EXCEPTION.matcher(problem).replaceFirst("");
    }

    /// The message of the deepest cause that has one; without any, the deepest cause's type.
    private static String reason(Throwable failure) {
        return causes(failure).map(Throwable::getMessage).filter(Objects::nonNull)
                .reduce((cause, deeper) -> deeper)
                .orElseGet(() -> causes(failure).reduce((cause, deeper) -> deeper).orElse(failure).toString());
    }

    private static <T extends Throwable> @Nullable T first(Class<T> type, Throwable failure) {
        return causes(failure).filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    /// A start that fails early fails before Quarkus has configured its log: it then has no handler, or the JDK's own.
    private void ensureLog() {
        QuarkusDelayedHandler log = InitialConfigurator.DELAYED_HANDLER;
        if (Stream.of(log.getHandlers()).noneMatch(ExtHandler.class::isInstance)) {
            ConsoleHandler console = new ConsoleHandler(formatter());
            console.setLevel(Level.INFO); // not what was logged at DEBUG before
            log.setHandlers(new Handler[] {console});
        }
    }

    private Formatter formatter() {
        String json = configured.apply(JSON_LOG);
        if (json == null ? LaunchMode.current().isDevOrTest() : !Boolean.parseBoolean(json)) {
            return new PatternFormatter(TEXT);
        }
        JsonFormatter formatter = new JsonFormatter();
        formatter.setExceptionOutputType(ExceptionOutputType.FORMATTED);
        return formatter;
    }
}
