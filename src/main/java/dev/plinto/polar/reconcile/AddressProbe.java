package dev.plinto.polar.reconcile;

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

/// Asks where Polar delivers to, as anybody could, whether that is the final address.
@ApplicationScoped
class AddressProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();

    /// The status of a redirect; empty where there is none, or it cannot be asked from here, which says nothing about
    /// whether Polar can.
    Optional<Integer> redirectOf(String url) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).GET().build(), BodyHandlers.ofInputStream());
            answer.body().close(); // unread: it could stop in the middle for ever
            int status = answer.statusCode();
            return Optional.of(status).filter(answered -> answered / 100 == 3);
        } catch (IOException | IllegalArgumentException unreachable) {
            Log.debug("The endpoint's URL cannot be reached from here");
            return Optional.empty();
        }
    }
}
