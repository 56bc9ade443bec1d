package dev.plinto.polar.sandbox.polar.rest;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request to Polar's API. `path` begins after `/v1`; header names are in lower case.
record Call(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body) {

    Call with(Map<String, List<String>> otherQuery) {
        return new Call(method, path, otherQuery, headers, body);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    List<String> all(String parameter) {
        return query.getOrDefault(parameter, List.of());
    }

    Optional<String> one(String parameter) {
        return all(parameter).stream().reduce((first, last) -> last);
    }
}
