package dev.plinto.polar.sandbox.polar.rest;

import dev.plinto.polar.sandbox.provider.Call;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A [Call] of an [Operation], with the decoded parameters of its path.
record Request(Call call, Map<String, String> pathParameters) {

    String path(String parameter) {
        return pathParameters.get(parameter);
    }

    /// @throws InvalidRequest if the parameter is no id
    UUID id(String parameter) {
        try {
            return Parse.id(path(parameter));
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.path(parameter, path(parameter));
        }
    }

    Optional<String> query(String parameter) {
        return call.one(parameter);
    }

    /// @throws InvalidRequest if the body is no JSON object
    Body body() {
        return Body.of(call.body());
    }

    /// As [#body()], of an operation all of whose fields are optional: no body is an empty object.
    Body optionalBody() {
        return call.body().length == 0 ? Body.of("{}".getBytes(StandardCharsets.UTF_8)) : body();
    }

    /// @throws InvalidRequest for a query parameter that the operation does not have: it would be ignored
    Request onlyWith(String... known) {
        call.query().keySet().stream()
                .filter(parameter -> !List.of(known).contains(parameter))
                .findFirst()
                .ifPresent(parameter -> {
                    throw InvalidRequest.unknownParameter(parameter, call);
                });
        return this;
    }
}
