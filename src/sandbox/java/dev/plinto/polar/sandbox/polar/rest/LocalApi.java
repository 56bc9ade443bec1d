package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Polar's API without a connection, for the simulated Polar's own pages. Injected faults do not concern it.
public final class LocalApi {

    private static final Map<String, String> HEADERS = Map.of(
            "authorization", "Bearer " + SimulatedApi.ACCESS_TOKEN);

    private final SimulatedApi api;

    public LocalApi(SimulatedPolar polar) {
        api = new SimulatedApi(polar);
    }

    /// `path` begins after `/v1`, and may have a query.
    public Result get(String path) {
        return send("GET", path, null);
    }

    /// `body` may be null.
    public Result send(String method, String path, JsonNode body) {
        QueryStringDecoder target = new QueryStringDecoder(path);
        byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        Answer answer = api.answer(new Call(method, target.rawPath(), target.parameters(), HEADERS, bytes));
        return new Result(answer.status(), answer.body() == null ? NullNode.getInstance() : answer.body());
    }

    /// `body` is a JSON null if the answer has none.
    public record Result(int status, JsonNode body) {

        public boolean isSuccess() {
            return status < 400;
        }
    }
}
