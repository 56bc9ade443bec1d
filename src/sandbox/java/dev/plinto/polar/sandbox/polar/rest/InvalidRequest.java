package dev.plinto.polar.sandbox.polar.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.plinto.polar.sandbox.polar.InvalidFields;
import dev.plinto.polar.sandbox.provider.Answer;
import dev.plinto.polar.sandbox.provider.Call;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A request that Polar answers with 422: each invalid part, and why.
final class InvalidRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String error;
    private final transient List<Detail> details;

    /// An invalid part. `loc` is the way to it, as in `body, products, 0`; `type` is Pydantic's name of the violated
    /// rule, such as `uuid_parsing`.
    record Detail(List<Object> loc, String type, String message, JsonNode input) {}

    InvalidRequest(String error, List<Detail> details) {
        super(details.toString());
        this.error = error;
        this.details = List.copyOf(details);
    }

    static InvalidRequest query(String parameter, String type, String input, String message) {
        return ofSchema(new Detail(List.of("query", parameter), type, message, TextNode.valueOf(input)));
    }

    static InvalidRequest unknownParameter(String parameter, Call call) {
        return query(parameter, "extra_forbidden", String.join(", ", call.all(parameter)),
                "The simulated Polar does not apply this parameter to " + call.path() + ", and ignores none");
    }

    /// A body that is no JSON object.
    static InvalidRequest body(String type, String message) {
        return ofSchema(new Detail(List.of("body", 0), type, message, null));
    }

    static InvalidRequest path(String parameter, String input) {
        return ofSchema(new Detail(
                List.of("path", parameter), "uuid_parsing", "Input should be a valid UUID", TextNode.valueOf(input)));
    }

    /// The body has Polar's form, but breaks a rule of Polar's, as an unknown product does. `loc` begins with `body`.
    static InvalidRequest rule(String message, JsonNode input, Object... loc) {
        return new InvalidRequest("PolarRequestValidationError",
                List.of(new Detail(List.of(loc), "value_error", message, input)));
    }

    static InvalidRequest of(InvalidFields fields) {
        return new InvalidRequest("PolarRequestValidationError", fields.fields().stream()
                .map(field -> new Detail(
                        Stream.concat(Stream.of("body"), field.way().stream()).toList(), field.rule(),
                        field.message(), null))
                .toList());
    }

    private static InvalidRequest ofSchema(Detail detail) {
        return new InvalidRequest("RequestValidationError", List.of(detail));
    }

    Answer answer() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", error);
        ArrayNode all = body.putArray("detail");
        details.forEach(detail -> {
            ObjectNode node = all.addObject().put("type", detail.type);
            ArrayNode loc = node.putArray("loc");
            detail.loc.forEach(step -> {
                if (step instanceof Integer position) {
                    loc.add(position);
                } else {
                    loc.add(step.toString());
                }
            });
            node.put("msg", detail.message).set("input", detail.input);
        });
        return new Answer(422, Map.of(), body);
    }
}
