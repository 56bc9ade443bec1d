package dev.plinto.polar.polar;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

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
        @Pattern(regexp = "\\d{4}-(0[1-9]|1[0-2])")
        String version();

        /// What one replica asks at most. Polar takes 500 a minute of an organization, and 100 in its sandbox. Runs and
        /// looks at the endpoint are one replica's at a time; others ask once at their start, and for operators.
        @WithDefault("150")
        @Min(1)
        @Max(100_000)
        int requestsPerMinute();

        /// For the connection, and again for the answer.
        @WithDefault("10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 1)
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
