package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// A request that Polar answers with 422: the invalid part, and why.
final class InvalidRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String where;
    private final String field;
    private final String type;
    private final String input;

    private InvalidRequest(String where, String field, String type, String input, String message) {
        super(message);
        this.where = where;
        this.field = field;
        this.type = type;
        this.input = input;
    }

    /// `type` is Pydantic's name of the violated rule, such as `uuid_parsing`.
    static InvalidRequest query(String parameter, String type, String input, String message) {
        return new InvalidRequest("query", parameter, type, input, message);
    }

    static InvalidRequest unknownParameter(String parameter, Call call) {
        return query(parameter, "extra_forbidden", String.join(", ", call.all(parameter)),
                "The simulated Polar does not apply this parameter to " + call.path() + ", and ignores none");
    }

    static InvalidRequest body(String field, String type, String input, String message) {
        return new InvalidRequest("body", field, type, input, message);
    }

    static InvalidRequest path(String input) {
        return new InvalidRequest("path", "id", "uuid_parsing", input, "Input should be a valid UUID");
    }

    Answer answer() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", "RequestValidationError");
        ObjectNode detail = body.putArray("detail").addObject().put("type", type);
        detail.putArray("loc").add(where).add(field);
        detail.put("msg", getMessage()).put("input", input);
        return new Answer(422, Map.of(), body);
    }
}
