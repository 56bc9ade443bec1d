package dev.plinto.polar.polar.api;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Optional;

/// How Polar's REST API is asked.
@ConfigMapping(prefix = "polar")
public interface PolarConfig {

    /// An organization access token (`POLAR_ACCESS_TOKEN`). Start-up requires it where the role `reconcile` runs.
    Optional<String> accessToken();

    /// Whether that token is one of Polar's sandbox, which shares nothing with production (`POLAR_SANDBOX`).
    @WithDefault("false")
    boolean sandbox();

    /// The merchant's id at Polar (`POLAR_ORGANIZATION_ID`). Events of another one are parked; without it, none is
    /// checked.
    Optional<String> organizationId();

    Api api();

    interface Api {

        /// Another place than Polar's own, with or without `/v1` at its end (`POLAR_API_URL`).
        Optional<URI> url();

        /// Sent as `Polar-Version`.
        @WithDefault("2026-10")
        @WithConverter(ApiVersion.Named.class)
        YearMonth version();

        /// What one replica asks at most. Polar takes 500 a minute of an organization, and 100 in its sandbox. Runs and
        /// looks at the endpoint are one replica's at a time; others ask once at their start, and for operators.
        @WithDefault("150")
        @Bounds(least = "1", most = "100000")
        int requestsPerMinute();

        /// For the connection, and again for the answer.
        @WithDefault("10s")
        @Bounds(least = "100ms", most = "1m")
        Duration timeout();
    }

    /// Without a slash at its end.
    default String baseUrl() {
        String url = api().url().map(URI::toString)
                .orElse(sandbox() ? "https://sandbox-api.polar.sh/v1" : "https://api.polar.sh/v1")
                .replaceFirst("/+$", "");
        return url.endsWith("/v1") ? url : url + "/v1";
    }
}
