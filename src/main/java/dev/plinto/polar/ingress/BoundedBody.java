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

/// Reads a request's body without ever holding more of it than the limit, whatever its headers claim, and holds it until
/// it is given back.
final class BoundedBody {

    /// How long a body is drained that is not taken. Closed at once, the connection would be reset, and with it the
    /// answer be lost to a sender that first sends and then reads.
    private static final Duration LINGERING = Duration.ofSeconds(1);

    /// Polar waits no longer for an answer.
    static final Duration READING = Duration.ofSeconds(10);

    /// Such a body is not worth a timer.
    private static final int SMALL = 16 * 1024;

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

    /// There is no memory for it beside all the others.
    static final class Crowded extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Crowded() {
            super("the bodies of deliveries take all the memory that they may", null, false, false);
        }
    }

    private final HttpServerRequest request;
    private final long limit;
    private final BodyMemory memory;
    private final Duration reading;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final Buffer read = Buffer.buffer();

    BoundedBody(HttpServerRequest request, long limit, BodyMemory memory, Duration reading) {
        this.request = request;
        this.limit = limit;
        this.memory = memory;
        this.reading = reading;
    }

    /// Fails with [TooLarge], [CutOff] or [Crowded]. What it took is to be given back in each case.
    Uni<byte[]> read() {
        request.handler(this::take);
        request.exceptionHandler(failure -> body.completeExceptionally(new CutOff(failure)));
        request.endHandler(end -> body.complete(read.getBytes()));
        if (announced(request).orElse(Long.MAX_VALUE) > SMALL) {
            Vertx vertx = Vertx.currentContext().owner();
            long timer = vertx.setTimer(reading.toMillis(), late -> refuse(new CutOff(null)));
            body.whenComplete((done, failure) -> vertx.cancelTimer(timer));
        }
        request.resume();
        return Uni.createFrom().completionStage(body);
    }

    /// When it is answered.
    void giveBack() {
        memory.giveBack(read.length());
    }

    private void take(Buffer chunk) {
        if (body.isDone()) {
            return; // the rest is drained, not kept
        }
        if (read.length() + chunk.length() > limit) {
            refuse(new TooLarge());
        } else if (memory.take(chunk.length())) {
            read.appendBuffer(chunk);
        } else {
            refuse(new Crowded());
        }
    }

    private void refuse(RuntimeException why) {
        closeSoon(request);
        body.completeExceptionally(why);
    }

    /// For a request whose body is not wanted.
    static void drain(HttpServerRequest request) {
        request.handler(chunk -> {});
        request.exceptionHandler(gone -> {});
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

    /// In bytes; empty where nothing is announced.
    static OptionalLong announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException tooLong) { // the HTTP decoder lets nothing but digits through
            return OptionalLong.of(Long.MAX_VALUE);
        }
    }
}
