package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/// What a call that changes something understands. A parameter that is misspelt does not count as one that was left out:
/// `?dryrun=true` is no run that repairs.
final class KnownParameters {

    /// Throws a problem where the query has any other; `known` has those of the call.
    static void require(HttpServerRequest request, String... known) {
        List<String> names = List.of(known);
        // Of the query itself: among the request's parameters are those that a router makes of the path.
        if (!names.containsAll(new QueryStringDecoder(request.uri()).parameters().keySet())) {
            // Which one is not repeated: it may be a secret in the wrong place.
            throw new Problem("parameter-invalid", 400, "The query has a parameter that the call does not know",
                    "Nothing was done. The call knows " + (names.isEmpty() ? "none" : String.join(", ", names)) + ".")
                    .exception();
        }
    }

    private KnownParameters() {}
}
