package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/// Unknown parameters of calls that change something are refused, so that a typo (`?dryrun=true`) cannot start a real
/// run.
final class KnownParameters {

    /// Throws 400 `parameter-invalid` if the query has a parameter that is not in `known`.
    static void require(HttpServerRequest request, String... known) {
        List<String> names = List.of(known);
        // From the query itself: the request's parameters include those that the router makes from the path.
        if (!names.containsAll(new QueryStringDecoder(request.uri()).parameters().keySet())) {
            // The answer does not name it: it may be a secret in the wrong place.
            throw new Problem("parameter-invalid", 400, "The query has an unknown parameter",
                    "Nothing was done. The parameters of this call: "
                            + (names.isEmpty() ? "none" : String.join(", ", names)) + ".")
                    .exception();
        }
    }

    /// Whether the parameter is `true`; without it, it is not. Strict, so that a misspelt value cannot start something
    /// else than intended. Throws 400 `parameter-invalid` for any other value.
    ///
    /// @param advice what was not done, and what to send
    static boolean isTrue(HttpServerRequest request, String parameter, String advice) {
        List<String> values = request.params().getAll(parameter);
        if (values.isEmpty() || values.equals(List.of("false"))) {
            return false;
        }
        if (values.equals(List.of("true"))) {
            return true;
        }
        throw new Problem("parameter-invalid", 400, parameter + " is neither true nor false", advice).exception();
    }

    private KnownParameters() {}
}
