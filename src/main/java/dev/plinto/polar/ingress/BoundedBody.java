package dev.plinto.polar.ingress;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Reads a request's body and never holds more of it than the limit, whatever the headers claim. A body that is whole
/// takes [BodyMemory] until it is released; the room `http` limits how long, and in how much memory, bodies may be
/// incomplete.
final class BoundedBody {

    /// How long a refused body is drained. Closing at once would reset the connection, and a sender that writes its
    /// whole request before it reads would lose the answer.
    private static final Duration LINGER = Duration.ofSeconds(1);

    /// What is read is kept in blocks of about this size: a single array would be copied each time that it grows, and
    /// large arrays of bodies that never end would fragment the heap.
    private static final int BLOCK = 48 * 1024;

    static final class TooLarge extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("the body is larger than the limit", null, false, false);
        }
    }

    /// The connection closed before the end of the body, or the client sends too many that are incomplete.
    static final class Incomplete extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Incomplete(@Nullable Throwable cause) {
            super("the body is incomplete", cause, false, false);
        }
    }

    /// The bodies of other whole deliveries take the memory.
    static final class MemoryExhausted extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MemoryExhausted() {
            super("the bodies of deliveries take all the memory reserved for them", null, false, false);
        }
    }

    private final HttpServerRequest request;
    private final long limit;
    private final BodyMemory memory;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final List<Buffer> blocks = new ArrayList<>(1);
    private final Context context = Vertx.currentContext();
    private int length;
    private long reserved;

    BoundedBody(HttpServerRequest request, long limit, BodyMemory memory) {
        this.request = request;
        this.limit = limit;
        this.memory = memory;
    }

    /// Fails with [TooLarge], [Incomplete] or [MemoryExhausted]. The caller must [#release()] in every case.
    Uni<byte[]> read() {
        request.handler(this::append);
        request.exceptionHandler(failure -> body.completeExceptionally(new Incomplete(failure)));
        request.endHandler(end -> complete());
        request.resume();
        return Uni.createFrom().completionStage(body);
    }

    /// Runs once the body is whole or refused.
    void whenDone(Runnable action) {
        body.whenComplete((bytes, failure) -> action.run());
    }

    /// Refuses a body that is not whole yet. From any thread.
    void cutOff() {
        context.runOnContext(now -> {
            if (!body.isDone()) {
                refuse(new Incomplete(null));
            }
        });
    }

    /// To be called once the request is answered.
    void release() {
        memory.release(reserved);
    }

    private void append(Buffer chunk) {
        if (body.isDone()) {
            return; // the rest is drained, not kept
        }
        if (length + chunk.length() > limit) {
            refuse(new TooLarge());
            return;
        }
        if (blocks.isEmpty() || blocks.getLast().length() > BLOCK) {
            blocks.add(Buffer.buffer());
        }
        blocks.getLast().appendBuffer(chunk);
        length += chunk.length();
    }

    private void complete() {
        byte[] whole = new byte[length];
        int end = 0;
        for (Buffer block : blocks) {
            block.getBytes(whole, end);
            end += block.length();
        }
        blocks.clear();
        if (memory.reserve(whole.length)) {
            reserved = whole.length;
            body.complete(whole);
        } else {
            body.completeExceptionally(new MemoryExhausted());
        }
    }

    private void refuse(RuntimeException why) {
        blocks.clear();
        closeSoon(request);
        body.completeExceptionally(why);
    }

    /// For a request that is refused by its headers, and whose answer announces that the connection closes.
    static void drain(HttpServerRequest request) {
        discard(request);
        closeSoon(request);
    }

    /// For a request that is refused by its headers. The connection can carry another one if the body ends soon.
    static void discardOrClose(HttpServerRequest request) {
        OptionalLong close = closeSoon(request);
        request.endHandler(end -> close.ifPresent(Vertx.currentContext().owner()::cancelTimer));
        discard(request);
    }

    private static void discard(HttpServerRequest request) {
        request.handler(chunk -> {});
        request.exceptionHandler(gone -> {});
        request.resume();
    }

    /// In HTTP/2 a request is one stream among others, and must not close the connection.
    static boolean ownsConnection(HttpServerRequest request) {
        return request.version() != HttpVersion.HTTP_2;
    }

    /// Returns the timer that does it.
    private static OptionalLong closeSoon(HttpServerRequest request) {
        return ownsConnection(request)
                ? OptionalLong.of(Vertx.currentContext().owner().setTimer(LINGER.toMillis(),
                        timer -> request.connection().close()))
                : OptionalLong.empty();
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
