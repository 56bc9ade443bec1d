package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plinto.polar.sandbox.polar.Refusal;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.List;
import java.util.Map;

/// Answers that only Polar's API gives.
final class PolarAnswers {

    private PolarAnswers() {}

    /// A file that is no JSON.
    static Answer csv(String text) {
        return new Answer(200, Map.of("content-type", "text/csv; charset=utf-8"), TextNode.valueOf(text));
    }

    /// Accepted; carried out later.
    static Answer accepted() {
        return new Answer(202, Map.of(), NullNode.getInstance());
    }

    /// For a path that exists with, or without, the trailing slash. `location` begins after `/v1`.
    static Answer movedTo(String location) {
        return new Answer(307, Map.of("location", location), null);
    }

    /// No such path, or no such API version.
    static Answer notFound() {
        return new Answer(404, Map.of(), JsonNodeFactory.instance.objectNode().put("detail", "Not Found"));
    }

    static Answer methodNotAllowed() {
        return new Answer(405, Map.of(), JsonNodeFactory.instance.objectNode().put("detail", "Method Not Allowed"));
    }

    static Answer bodyTooLarge(int most) {
        return refused(
                new Refusal(413, "RequestBodyTooLarge", "The body of a request has at most " + most + " bytes."));
    }

    /// Polar has, or may have, this operation; the simulation has only the `served` ones.
    static Answer notServed(String operation, List<String> served) {
        JsonNode body = error("NotSimulated").put("detail", "The simulated Polar does not serve " + operation
                + ". It serves " + String.join(", ", served) + ".");
        return new Answer(501, Map.of(), body);
    }

    /// There is no object with the id in the path.
    static Refusal unknownResource() {
        return new Refusal(404, "ResourceNotFound", "Not found");
    }

    static Answer refused(Refusal refusal) {
        return new Answer(
                refusal.status(), Map.of(), error(refusal.error()).put("detail", refusal.getMessage()));
    }

    static Answer invalidToken() {
        JsonNode body = error("invalid_token")
                .put("error_description", "The access token is missing, expired or wrong.");
        return new Answer(401, Map.of("www-authenticate", "Bearer error=\"invalid_token\""), body);
    }

    static Answer insufficientScope() {
        JsonNode body = error("insufficient_scope")
                .put("error_description", "The access token lacks a scope that this needs.");
        return new Answer(403, Map.of("www-authenticate", "Bearer error=\"insufficient_scope\""), body);
    }

    private static ObjectNode error(String name) {
        return JsonNodeFactory.instance.objectNode().put("error", name);
    }
}
