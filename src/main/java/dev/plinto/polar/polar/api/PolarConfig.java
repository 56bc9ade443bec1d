package dev.plinto.polar.polar.api;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Optional;

/// Settings for calls of Polar's REST API.
@ConfigMapping(prefix = "polar")
public interface PolarConfig {

    /// An organization access token (`POLAR_ACCESS_TOKEN`). Required at start if the role `reconcile` runs.
    Optional<String> accessToken();

    /// Whether that token belongs to Polar's sandbox, which shares nothing with production (`POLAR_SANDBOX`).
    @WithDefault("false")
    boolean sandbox();

    /// The merchant's id at Polar (`POLAR_ORGANIZATION_ID`). Events of another merchant are parked; if
    /// unset, the merchant is not checked.
    Optional<String> organizationId();

    Webhook webhook();

    Api api();

    interface Webhook {

        /// The accepted webhook secrets (`POLAR_WEBHOOK_SECRET`), comma separated; a comma inside a secret is written
        /// `\\,`. Start-up requires it if the role `ingress` runs.
        Optional<String> secret();
    }

    interface Api {

        /// Replaces Polar's own address, with or without `/v1` at its end (`POLAR_API_URL`).
        Optional<URI> url();

        /// Sent as `Polar-Version`.
        @WithDefault("2026-10")
        @WithConverter(ApiVersion.FromSetting.class)
        YearMonth version();

        /// The most that all replicas send together. Polar accepts 500 a minute from an organization, and 100 in its
        /// sandbox.
        @WithDefault("150")
        @Bounds(least = "1", most = "100000")
        int requestsPerMinute();

        /// To answer, once there is a connection.
        @WithDefault("10s")
        @Bounds(least = "100ms", most = "1m")
        Duration timeout();
    }

    /// A server that can be reached accepts a connection at once.
    default Duration connectTimeout() {
        Duration most = Duration.ofSeconds(2);
        return api().timeout().compareTo(most) < 0 ? api().timeout() : most;
    }

    /// The API's address, without a slash at its end.
    default String baseUrl() {
        String url = api().url().map(URI::toString)
                .orElse(sandbox() ? "https://sandbox-api.polar.sh/v1" : "https://api.polar.sh/v1")
                .replaceFirst("/+$", "");
        return url.endsWith("/v1") ? url : url + "/v1";
    }
}
