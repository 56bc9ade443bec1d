package dev.plinto.polar.conekta;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
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
    }

    default boolean isOn() {
        return privateKey().filter(key -> !key.isBlank()).isPresent();
    }

    /// The API's address, without a slash at its end. Conekta has one for both modes; the key decides.
    default String baseUrl() {
        return api().url().map(URI::toString).orElse("https://api.conekta.io").replaceFirst("/+$", "");
    }
}
