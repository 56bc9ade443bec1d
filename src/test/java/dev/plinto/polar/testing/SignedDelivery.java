package dev.plinto.polar.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A delivery as Polar makes it, signed with the sandbox's secret by independent code, so that errors in ours are
/// detected. Headers can be removed, duplicated and changed.
public record SignedDelivery(String webhookId, byte[] body, List<Map.Entry<String, String>> headers) {

    private static final byte[] SANDBOX_KEY = "sandbox-sandbox-sandbox-sandbox1".getBytes(StandardCharsets.UTF_8);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static SignedDelivery of(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    public static SignedDelivery of(byte[] body) {
        return of("evt_" + UUID.randomUUID(), body, Instant.now(), SANDBOX_KEY);
    }

    public static SignedDelivery of(String webhookId, byte[] body, Instant signedAt) {
        return of(webhookId, body, signedAt, SANDBOX_KEY);
    }

    public static SignedDelivery of(String webhookId, byte[] body, Instant signedAt, byte[] key) {
        String timestamp = Long.toString(signedAt.getEpochSecond());
        return new SignedDelivery(webhookId, body, List.of(
                Map.entry("content-type", "application/json"),
                Map.entry("webhook-id", webhookId),
                Map.entry("webhook-timestamp", timestamp),
                Map.entry("webhook-signature", signature(key, webhookId, timestamp, body))));
    }

    public String header(String name) {
        return headers.stream().filter(header -> header.getKey().equals(name)).findFirst().orElseThrow().getValue();
    }

    public SignedDelivery without(String name) {
        return new SignedDelivery(webhookId, body, headers.stream().filter(h -> !h.getKey().equals(name)).toList());
    }

    public SignedDelivery with(String name, String value) {
        return without(name).and(name, value);
    }

    /// Adds a header, even if it exists already.
    public SignedDelivery and(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new SignedDelivery(webhookId, body, List.copyOf(more));
    }

    public HttpResponse<String> send(URI endpoint) {
        return send(endpoint, HTTP);
    }

    public HttpResponse<String> send(URI endpoint, HttpClient client) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /// Request line and headers as sent, for tests that send the body separately; each of `more` is a whole header
    /// line.
    public String head(URI endpoint, String... more) {
        StringBuilder head = new StringBuilder(
                "POST " + endpoint.getPath() + " HTTP/1.1\r\nhost: " + endpoint.getAuthority());
        headers.forEach(header -> head.append("\r\n").append(header.getKey()).append(": ").append(header.getValue()));
        for (String line : more) {
            head.append("\r\n").append(line);
        }
        return head.append("\r\n\r\n").toString();
    }

    private static String signature(byte[] key, String webhookId, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((webhookId + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
