package dev.plinto.polar.postgres;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;

/// A query failed by a fault of this service, or its schema is another one. The request is answered with 500, and the
/// log has the place in the code.
public final class FaultyQuery extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param place where the query is
    public FaultyQuery(String place, Throwable failure) {
        super("The query at " + place + " failed: " + DatabaseAway.describe(failure),
                isOfClient(failure) ? null : failure);
    }

    /// Their messages may repeat values, and they have no trace that helps.
    private static boolean isOfClient(Throwable failure) {
        return failure instanceof PgException || failure instanceof NoStackTraceThrowable
                || failure instanceof VertxException;
    }
}
