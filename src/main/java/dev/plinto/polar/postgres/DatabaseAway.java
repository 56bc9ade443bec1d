package dev.plinto.polar.postgres;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;

/// Tells a database that is away, slow or refuses to work from a fault of this service, which no waiting mends: such as
/// a statement that is wrong, or a row that the code cannot read.
public final class DatabaseAway {

    /// The classes of SQLSTATE for which PostgreSQL itself is the cause: no connection, no authorization, no such
    /// database, rolled back for others' sake, out of resources, in use, stopped or cancelled, its own disk or code.
    private static final Set<String> CLASSES = Set.of("08", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX");
    private static final String READ_ONLY = "25006"; // a standby, during a failover

    public static boolean isCauseOf(Throwable failure) {
        return causes(failure).anyMatch(cause -> !isOfParameters(cause) && switch (cause) {
            case PgException refused -> isOfDatabase(String.valueOf(refused.getSqlState()));
            case IOException unreachable -> true;
            case VertxException closed -> true;
            case NoStackTraceThrowable ofPool -> true; // it has no connection
            case TimeoutException silent -> true;
            case java.util.concurrent.TimeoutException silent -> true;
            default -> false;
        });
    }

    /// For the log. Without messages that may repeat values.
    public static String describe(Throwable failure) {
        Throwable deepest = causes(failure).reduce((cause, deeper) -> deeper).orElse(failure);
        return switch (deepest) {
            case PgException refused -> "PostgreSQL refused it with SQLSTATE " + refused.getSqlState();
            case Throwable wrong when isOfParameters(wrong) -> "a parameter is not as the statement declares it";
            case NoStackTraceThrowable ofPool -> "PostgreSQL gives no connection (" + ofPool.getMessage() + ")";
            default -> deepest.toString();
        };
    }

    /// Vert.x' client has no type of its own for it.
    private static boolean isOfParameters(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("Parameter at position") || message.startsWith("The number of parameters");
    }

    private static boolean isOfDatabase(String state) {
        return state.equals(READ_ONLY) || state.length() == 5 && CLASSES.contains(state.substring(0, 2));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private DatabaseAway() {}
}
