package dev.plinto.polar.sandbox.provider;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/// The body of a request, of which at most 10 MiB are kept. A longer one is read to its end and dropped, so that its
/// sender can read the answer.
public final class RequestBody {

    public static final int MOST_BYTES = 10 * 1_024 * 1_024;

    private final Buffer read = Buffer.buffer();
    private boolean tooLong;

    private RequestBody() {}

    /// Empty if it is too long.
    static Future<Optional<Buffer>> of(HttpServerRequest request) {
        RequestBody body = new RequestBody();
        Promise<Optional<Buffer>> complete = Promise.promise();
        request.handler(body::add);
        request.exceptionHandler(complete::tryFail);
        request.endHandler(end -> complete.tryComplete(body.tooLong ? Optional.empty() : Optional.of(body.read)));
        return complete.future();
    }

    private void add(Buffer chunk) {
        tooLong = tooLong || read.length() + chunk.length() > MOST_BYTES;
        if (!tooLong) {
            read.appendBuffer(chunk);
        }
    }
}
