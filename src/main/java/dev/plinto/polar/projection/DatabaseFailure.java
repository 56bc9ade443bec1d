package dev.plinto.polar.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.inject.CreationException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.DateTimeException;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/// Distinguishes transient failures (no connection, a restart, a lock, a full disk) from those that an event causes in
/// each attempt.
final class DatabaseFailure {

    /// SQLSTATE classes that a row's values can cause: cardinality, data, constraint, program limit.
    private static final Set<String> CAUSED_BY_VALUES = Set.of("21", "22", "23", "54");

    /// It starts or stops, or has no connection left.
    private static final Set<String> WITHOUT_CONNECTION = Set.of("57P03", "53300");

    private static final String CHECK_VIOLATION = "23514";

    static boolean isTransient(Throwable failure) {
        return !isCausedByEvent(failure);
    }

    /// This decides between parking one event and blocking all of them. A failure that is not known to be the event's
    /// fault counts as transient: a missing table must not park a whole backlog.
    static boolean isCausedByEvent(Throwable failure) {
        return !isMissingPool(failure) && isCausedByValues(failure);
    }

    /// During the shutdown, CDI may try to create the pool again from beans that are already destroyed.
    private static boolean isMissingPool(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CreationException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCausedByValues(Throwable failure) {
        return switch (root(failure)) {
            case PgException refused -> CAUSED_BY_VALUES.contains(refused.getSqlState().substring(0, 2))
                    && !isMissingPartition(refused);
            // A bug of this service that the event triggers, or an unreadable row of one of its objects.
            case NullPointerException bug -> true;
            case IllegalArgumentException bug -> true;
            case ClassCastException bug -> true;
            case ArithmeticException bug -> true;
            case IndexOutOfBoundsException bug -> true;
            case NoSuchElementException bug -> true;
            case UnsupportedOperationException bug -> true;
            case DateTimeException bug -> true;
            case JsonProcessingException unreadable -> true;
            default -> false;
        };
    }

    /// No connection was to be had, so that PostgreSQL has not seen the work: this says nothing of its size.
    static boolean isBeforeTheWork(Throwable failure) {
        return switch (root(failure)) {
            case PgException refused -> WITHOUT_CONNECTION.contains(refused.getSqlState());
            case ConnectException refused -> true;
            case NoStackTraceThrowable pools -> true;
            default -> false;
        };
    }

    /// PostgreSQL reports a missing partition as the violation of a check without a name.
    private static boolean isMissingPartition(PgException refused) {
        return refused.getSqlState().equals(CHECK_VIOLATION) && refused.getConstraint() == null;
    }

    /// Without PostgreSQL's message, which may repeat values.
    static String describe(Throwable failure) {
        Throwable root = root(failure);
        return switch (root) {
            case PgException refused -> "PostgreSQL refused it with SQLSTATE " + refused.getSqlState();
            case IOException gone -> "PostgreSQL cannot be reached";
            case VertxException gone -> "PostgreSQL cannot be reached"; // such as a closed connection
            case NoStackTraceThrowable pools -> "PostgreSQL gives no connection (" + pools.getMessage() + ")";
            case TimeoutException silent -> "PostgreSQL does not answer";
            case KafkaException gone -> "Kafka does not answer";
            default -> "applying it failed with " + root.getClass().getSimpleName() + at(root);
        };
    }

    private static String at(Throwable root) {
        return root.getStackTrace().length == 0 ? "" : " at " + root.getStackTrace()[0];
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof PgException)) {
            root = root.getCause();
        }
        return root;
    }

    private DatabaseFailure() {}
}
