package dev.plinto.polar.conekta;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Settings for Conekta. Their values are read by [ConektaSettings].
@ConfigMapping(prefix = "conekta")
public interface ConektaConfig {

    /// The private key of the API (`CONEKTA_PRIVATE_KEY`). Conekta is on where it is set.
    Optional<String> privateKey();

    /// The public keys that verify webhooks (`CONEKTA_WEBHOOK_KEYS`): PEMs or files with them, comma separated.
    Optional<String> webhookKeys();

    /// Which of Polar's products each plan sells (`CONEKTA_PLANS`): `<plan id>=<Polar product id>,…`.
    Optional<String> plans();

    /// What each product costs that is bought once (`CONEKTA_PRODUCTS`), in centavos:
    /// `<Polar product id>=<amount>,…`.
    Optional<String> products();

    /// Whether key and events belong to Conekta's test mode (`CONEKTA_SANDBOX`). Events of the other mode are parked.
    @WithDefault("false")
    boolean sandbox();

    Api api();

    interface Api {

        /// Replaces Conekta's own address (`CONEKTA_API_URL`).
        Optional<URI> url();

        /// To answer, once there is a connection (`CONEKTA_API_TIMEOUT`). Far shorter than the 60 s by which a reading
        /// speaks before its answer.
        @WithDefault("10s")
        @Bounds(least = "100ms", most = "30s")
        Duration timeout();
    }

    /// A server that can be reached accepts a connection at once.
    default Duration connectTimeout() {
        Duration most = Duration.ofSeconds(2);
        return api().timeout().compareTo(most) < 0 ? api().timeout() : most;
    }

    default boolean isOn() {
        return privateKey().filter(key -> !key.isBlank()).isPresent();
    }

    /// The API's address, without a slash at its end. Conekta has one for both modes; the key decides.
    default String baseUrl() {
        return api().url().map(URI::toString).orElse("https://api.conekta.io").replaceFirst("/+$", "");
    }
}
