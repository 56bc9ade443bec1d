package dev.plinto.polar.sandbox.provider;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request to a provider's API. `path` begins after the API's [prefix][ProviderApi#prefix()]; header names are in
/// lower case.
public record Call(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body) {

    public Call with(Map<String, List<String>> otherQuery) {
        return new Call(method, path, otherQuery, headers, body);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public List<String> all(String parameter) {
        return query.getOrDefault(parameter, List.of());
    }

    public Optional<String> one(String parameter) {
        return all(parameter).stream().reduce((first, last) -> last);
    }
}
