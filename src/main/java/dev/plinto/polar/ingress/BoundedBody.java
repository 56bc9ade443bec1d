package dev.plinto.polar.ingress;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Reads a request's body without ever holding more of it than the limit, whatever its headers claim.
final class BoundedBody {

    /// How long a body is drained that is not taken. Closed at once, the connection would be reset, and with it the
    /// answer be lost to a sender that first sends and then reads.
    private static final Duration LINGERING = Duration.ofSeconds(1);

    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the body is larger than the limit", null, false, false);
        }
    }

    /// The sender went away before the end of the body.
    static final class CutOff extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CutOff(Throwable cause) {
            super("the body ended early", cause, false, false);
        }
    }

    static Uni<byte[]> read(HttpServerRequest request, long limit) {
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Buffer read = Buffer.buffer();
        request.handler(chunk -> {
            if (body.isDone()) {
                return; // the rest is drained, not kept
            }
            if (read.length() + chunk.length() > limit) {
                closeSoon(request);
                body.completeExceptionally(new TooLarge());
            } else {
                read.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(failure -> body.completeExceptionally(new CutOff(failure)));
        request.endHandler(end -> body.complete(read.getBytes()));
        request.resume();
        return Uni.createFrom().completionStage(body);
    }

    /// For a request whose body is not wanted.
    static void drain(HttpServerRequest request) {
        request.handler(chunk -> { });
        request.exceptionHandler(gone -> { });
        request.resume();
        closeSoon(request);
    }

    /// In HTTP/2 a request is one stream among others, and may not speak about the connection.
    static boolean hasConnectionOfItsOwn(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2;
    }

    /// Nothing else can come on a connection whose last body was not read to its end.
    private static void closeSoon(HttpServerRequest request) {
        if (hasConnectionOfItsOwn(request)) {
            Vertx.currentContext().owner().setTimer(LINGERING.toMillis(), timer -> request.connection().close());
        }
    }

    private BoundedBody() {}
}
