package dev.plinto.polar.sandbox.conekta.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.conekta.Refusal;
import dev.plinto.polar.sandbox.provider.Answer;
import java.util.Map;

/// A refusal in the form of Conekta's errors.
final class ErrorAnswer {

    private ErrorAnswer() {}

    static Answer of(Refusal refusal, String logId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("object", "error").put("type", refusal.type()).put("log_id", logId);
        ObjectNode detail = body.putArray("details").addObject()
                .put("code", refusal.code())
                .put("message", refusal.getMessage())
                .put("debug_message", refusal.getMessage());
        if (refusal.param() != null) {
            detail.put("param", refusal.param());
        }
        return new Answer(refusal.status(), Map.of(), body);
    }
}
