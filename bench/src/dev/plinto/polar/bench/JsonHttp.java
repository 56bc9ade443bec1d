package dev.plinto.polar.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.OwnThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/// Calls with JSON, of which none may fail.
final class JsonHttp {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(70); // longer than a long poll

    static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    }

    static HttpRequest post(String url, Map<String, ?> body, String... headers) {
        return send(url, "POST", body, headers);
    }

    static HttpRequest send(String url, String method, Map<String, ?> body, String... headers) {
        HttpRequest.Builder request = request(url).header("content-type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return request.method(method, BodyPublishers.ofString(JSON.writeValueAsString(body))).build();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static JsonNode answer(HttpRequest request) {
        return json(send(request).body());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException("%s %s was answered %d: %s".formatted(request.method(), request.uri(),
                        answer.statusCode(), answer.body()));
            }
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException none) {
            throw new IllegalStateException("no JSON: " + text, none);
        }
    }

    private JsonHttp() {}
}
