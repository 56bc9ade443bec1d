package dev.plinto.polar.ingress;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;

/// Reads a request's body without ever holding more of it than the limit, whatever its headers claim.
final class BoundedBody {

    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the body is larger than the limit", null, false, false);
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
                body.completeExceptionally(new TooLarge());
            } else {
                read.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(body::completeExceptionally);
        request.endHandler(end -> body.complete(read.getBytes()));
        request.resume();
        return Uni.createFrom().completionStage(body);
    }

    private BoundedBody() {}
}
