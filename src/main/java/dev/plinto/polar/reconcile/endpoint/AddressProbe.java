package dev.plinto.polar.reconcile.endpoint;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Asks where Polar delivers to, as anybody could, whether that is the final address, and somebody is there.
@ApplicationScoped
class AddressProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// As this service without the role ingress answers, or a proxy that finds no replica.
    private static final Set<Integer> NOBODY = Set.of(404, 502, 503, 504);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
    private volatile String answered = "";

    /// What is wrong, and what to do; empty where nothing is, or where it never answered from here, which says nothing
    /// about whether it answers Polar.
    Optional<String> wrongWith(String url) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).GET().build(),
                    BodyHandlers.ofInputStream());
            answer.body().close(); // unread: it could stop in the middle for ever
            answered = url;
            return wrongWith(answer.statusCode());
        } catch (IOException | IllegalArgumentException unreachable) {
            Log.debug("The endpoint's URL cannot be reached from here");
            return answered.equals(url)
                    ? Optional.of("Its URL answered before and does not now, asked from here. See "
                            + "whether replicas with the role ingress run, and whether Polar reaches them.")
                    : Optional.empty();
        }
    }

    private static Optional<String> wrongWith(int status) {
        if (status / 100 == 3) {
            return Optional.of("Its URL answers with the redirect " + status + ", which Polar counts as a failure. "
                    + "Give it the URL where the redirect ends.");
        }
        return NOBODY.contains(status)
                ? Optional.of("Its URL answers " + status + ": nobody is there who takes "
                        + "deliveries. Start replicas with the role ingress, or mend what leads there.")
                : Optional.empty();
    }
}
