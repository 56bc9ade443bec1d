package dev.plinto.polar.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A client with a token of the role `ops` for `/api/v1/polar/ops/…` of a service on [SandboxStack].
public final class Operator {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();

    private final URI calls;
    private final String token;

    /// @param subject the token's `sub`
    public Operator(URI service, String subject) {
        calls = service.resolve("/api/v1/polar/ops/");
        token = new PlintoTokens(service).of("roles", List.of("ops"), "sub", subject);
    }

    /// Encodes a part of a path, or a parameter's value, for a URL.
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    public HttpResponse<String> post(String path) {
        return send("POST", path);
    }

    public HttpResponse<String> post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json), "content-type", "application/json");
    }

    public HttpResponse<String> put(String path, String json) {
        return send("PUT", path, BodyPublishers.ofString(json), "content-type", "application/json");
    }

    public static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(answer.body(), notJson);
        }
    }

    private HttpResponse<String> send(String method, String path) {
        return send(method, path, BodyPublishers.noBody(), "accept", "*/*");
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        return HTTP.sendAsync(HttpRequest.newBuilder(calls.resolve(path)).header("authorization", "Bearer " + token)
                .headers(headers).method(method, body).build(), BodyHandlers.ofString()).join();
    }
}
