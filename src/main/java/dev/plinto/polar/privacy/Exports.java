package dev.plinto.polar.privacy;

import dev.plinto.polar.Problem;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Writes exports into responses: few at once, since each holds a thread and a connection to the database for as long
/// as its receiver reads, and none for longer than a limit.
@ApplicationScoped
class Exports {

    /// On this replica.
    static final int MOST = 4;

    private final ExportDocument document;
    private final Vertx vertx;
    private final Duration longest;
    private final Semaphore free = new Semaphore(MOST);

    Exports(ExportDocument document, Vertx vertx, PrivacyConfig config) {
        this.document = document;
        this.vertx = vertx;
        this.longest = config.longestExport();
    }

    /// What has become of an export.
    ///
    /// @param isWhole false if its receiver went away, or did not read all of it in time
    record Exported(long rows, boolean isWhole) {

        String inWords() {
            return (isWhole ? "exported " : "not exported as a whole, since its receiver left or was too slow: ") + rows
                    + " rows";
        }
    }

    /// Only for threads that may block. Throws 503 `too-many-exports`, 503 `database-unavailable`, and what
    /// [ExportDocument#write] throws. A response that has begun is cut off if it cannot be written to its end.
    Exported write(String organization, OutputStream out, HttpServerRequest request) {
        if (!free.tryAcquire()) {
            throw tooMany();
        }
        long limit = vertx.setTimer(longest.toMillis(), timer -> close(request));
        try {
            return write(new ExportDocument.Progress(), organization, new OpenResponse(out, request.response()),
                    request);
        } finally {
            vertx.cancelTimer(limit);
            free.release();
        }
    }

    private Exported write(ExportDocument.Progress progress, String organization, OutputStream out,
            HttpServerRequest request) {
        try {
            document.write(organization, out, progress);
            return new Exported(progress.rows(), true);
        } catch (IOException closed) {
            return new Exported(progress.rows(), false);
        } catch (RuntimeException failure) {
            if (request.response().headWritten()) {
                close(request);
            }
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("An export ended before its end; its receiver must ask again: %s",
                    DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    /// At once: below Vert.x, which would first wait until all is read that was written.
    private static void close(HttpServerRequest request) {
        ((ConnectionBase) request.connection()).channel().pipeline().firstContext().close();
    }

    /// The framework drops silently what is written to a receiver that has left.
    private static final class OpenResponse extends FilterOutputStream {

        private final HttpServerResponse response;

        OpenResponse(OutputStream out, HttpServerResponse response) {
            super(out);
            this.response = response;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (response.closed()) {
                throw new IOException("the receiver has left");
            }
            out.write(bytes, offset, length);
        }
    }

    private static RuntimeException tooMany() {
        Problem problem = new Problem("too-many-exports", 503, "Too many exports run at once",
                "Nothing was exported. Try again after Retry-After.");
        return new WebApplicationException(problem.title(), problem.responseBuilder()
                .header(HttpHeaders.RETRY_AFTER, 30).build());
    }
}
