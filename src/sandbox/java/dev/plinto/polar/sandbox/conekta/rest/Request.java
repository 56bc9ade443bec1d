package dev.plinto.polar.sandbox.conekta.rest;

import dev.plinto.polar.sandbox.provider.Call;
import java.util.Map;

/// A [Call] of an [Operation], with the decoded parameters of its path.
record Request(Call call, Map<String, String> pathParameters) {

    String id() {
        return path("id");
    }

    String path(String parameter) {
        return pathParameters.get(parameter);
    }

    /// @throws dev.plinto.polar.sandbox.conekta.Refusal (422) if the body is no JSON object
    Fields body() {
        return Fields.of(call.body());
    }
}
