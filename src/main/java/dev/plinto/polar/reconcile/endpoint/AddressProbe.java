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

/// Checks with an anonymous GET that the endpoint's URL does not redirect and that a replica answers there.
@ApplicationScoped
class AddressProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /// Answers of this service without the role ingress, or of a proxy that finds no replica.
    private static final Set<Integer> NO_INGRESS = Set.of(404, 502, 503, 504);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    private volatile String lastReachable = "";

    /// The problem and what to do. Empty if there is none, or if the URL never answered from here: it may still answer
    /// Polar.
    Optional<String> problemWith(String url) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).GET().build(),
                    BodyHandlers.ofInputStream());
            answer.body().close(); // not read: it may never end
            lastReachable = url;
            return problemWith(answer.statusCode());
        } catch (IOException | IllegalArgumentException unreachable) {
            Log.debug("The endpoint's URL cannot be reached from here");
            return lastReachable.equals(url)
                    ? Optional.of("Its URL answered before and does not now, probed from here. Check that replicas "
                            + "with the role ingress run, and that Polar can reach them.")
                    : Optional.empty();
        }
    }

    private static Optional<String> problemWith(int status) {
        if (status / 100 == 3) {
            return Optional.of("Its URL answers with the redirect " + status + ", which Polar counts as a failure. "
                    + "Set its URL at Polar to the target of the redirect.");
        }
        return NO_INGRESS.contains(status)
                ? Optional.of("Its URL answers " + status + ": no replica accepts deliveries there. Start replicas "
                        + "with the role ingress, or fix the route to them.")
                : Optional.empty();
    }
}
