package dev.plinto.polar.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.inject.CreationException;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/// Tells failures that pass (no connection, a restart, a lock, a full disk) from those that come back with the same
/// event however often it is tried.
final class DatabaseFailure {

    /// SQLSTATE classes that a row's own values can cause: cardinality, data, constraint, program limit.
    private static final Set<String> CAUSED_BY_VALUES = Set.of("21", "22", "23", "54");

    private static final String CHECK_VIOLATION = "23514";

    static boolean isTransient(Throwable failure) {
        return !isCausedByEvent(failure);
    }

    /// The answer decides between parking one event and stopping for all, so whatever is not known to be the event's
    /// own fault counts as passing: a missing table must not park a backlog.
    static boolean isCausedByEvent(Throwable failure) {
        return !isForWantOfAPool(failure) && isOfItsValues(failure);
    }

    /// While we are stopped, asking for the pool may try to make one of what is gone already.
    private static boolean isForWantOfAPool(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CreationException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfItsValues(Throwable failure) {
        return switch (root(failure)) {
            case PgException refused -> CAUSED_BY_VALUES.contains(refused.getSqlState().substring(0, 2))
                    && !isForWantOfAPartition(refused);
            // A bug of ours that this event meets, or a row of its objects that cannot be read.
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

    /// Which PostgreSQL calls a check that was violated, one without a name.
    private static boolean isForWantOfAPartition(PgException refused) {
        return refused.getSqlState().equals(CHECK_VIOLATION) && refused.getConstraint() == null;
    }

    /// Without values: PostgreSQL's messages repeat them.
    static String describe(Throwable failure) {
        Throwable root = root(failure);
        return switch (root) {
            case PgException refused -> "PostgreSQL refused it with SQLSTATE " + refused.getSqlState();
            case IOException gone -> "PostgreSQL cannot be reached";
            case VertxException gone -> "PostgreSQL cannot be reached"; // a closed connection is one of them
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
