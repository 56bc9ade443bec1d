package dev.plinto.polar.sandbox.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/// One request to a webhook's URL, without following redirects.
public final class PostWebhook implements AutoCloseable {

    private final Duration timeout;
    private final HttpClient client;

    /// @param timeout of a request, by the machine's clock
    public PostWebhook(Duration timeout) {
        this.timeout = timeout;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /// The body is JSON.
    public Result send(String url, Map<String, String> headers, byte[] body) throws InterruptedException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(timeout)
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            return new Result(answer.statusCode(), answer.body());
        } catch (IOException | IllegalArgumentException e) {
            return new Result(null, e.toString());
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /// `status` is null if no answer came; `response` is then the reason.
    public record Result(Integer status, String response) {

        public boolean succeeded() {
            return status != null && status / 100 == 2;
        }
    }
}
