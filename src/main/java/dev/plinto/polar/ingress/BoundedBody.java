package dev.plinto.polar.ingress;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Reads a request's body and never holds more of it than the limit, whatever the headers claim. The memory stays
/// reserved until it is released.
final class BoundedBody {

    /// How long a refused body is drained. Closing at once would reset the connection, and a sender that writes its
    /// whole request before it reads would lose the answer.
    private static final Duration LINGER = Duration.ofSeconds(1);

    /// Polar waits no longer for an answer.
    static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /// A body up to this size is not worth a timer.
    private static final int SMALL = 16 * 1024;

    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the body is larger than the limit", null, false, false);
        }
    }

    /// The connection closed before the end of the body, or the read timed out.
    static final class Incomplete extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Incomplete(@Nullable Throwable cause) {
            super("the body is incomplete", cause, false, false);
        }
    }

    /// The bodies of other deliveries take the memory.
    static final class MemoryExhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MemoryExhausted() {
            super("the bodies of deliveries take all the memory reserved for them", null, false, false);
        }
    }

    private final HttpServerRequest request;
    private final long limit;
    private final BodyMemory memory;
    private final Duration readTimeout;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final Buffer read = Buffer.buffer();

    BoundedBody(HttpServerRequest request, long limit, BodyMemory memory, Duration readTimeout) {
        this.request = request;
        this.limit = limit;
        this.memory = memory;
        this.readTimeout = readTimeout;
    }

    /// Fails with [TooLarge], [Incomplete] or [MemoryExhausted]. The caller must [#release()] in every case.
    Uni<byte[]> read() {
        request.handler(this::append);
        request.exceptionHandler(failure -> body.completeExceptionally(new Incomplete(failure)));
        request.endHandler(end -> body.complete(read.getBytes()));
        if (contentLength(request).orElse(Long.MAX_VALUE) > SMALL) {
            Vertx vertx = Vertx.currentContext().owner();
            long timer = vertx.setTimer(readTimeout.toMillis(), late -> refuse(new Incomplete(null)));
            body.whenComplete((done, failure) -> vertx.cancelTimer(timer));
        }
        request.resume();
        return Uni.createFrom().completionStage(body);
    }

    /// To be called once the request is answered.
    void release() {
        memory.release(read.length());
    }

    private void append(Buffer chunk) {
        if (body.isDone()) {
            return; // the rest is drained, not kept
        }
        if (read.length() + chunk.length() > limit) {
            refuse(new TooLarge());
        } else if (memory.reserve(chunk.length())) {
            read.appendBuffer(chunk);
        } else {
            refuse(new MemoryExhausted());
        }
    }

    private void refuse(RuntimeException why) {
        closeSoon(request);
        body.completeExceptionally(why);
    }

    /// For a request that is refused without reading its body.
    static void drain(HttpServerRequest request) {
        request.handler(chunk -> {});
        request.exceptionHandler(gone -> {});
        request.resume();
        closeSoon(request);
    }

    /// In HTTP/2 a request is one stream among others, and must not close the connection.
    static boolean ownsConnection(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2;
    }

    /// A connection whose last body was not read to its end cannot carry another request.
    private static void closeSoon(HttpServerRequest request) {
        if (ownsConnection(request)) {
            Vertx.currentContext().owner().setTimer(LINGER.toMillis(), timer -> request.connection().close());
        }
    }

    /// In bytes; empty if the request has no such header.
    static OptionalLong contentLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException tooLong) { // the HTTP decoder accepts only digits
            return OptionalLong.of(Long.MAX_VALUE);
        }
    }
}
