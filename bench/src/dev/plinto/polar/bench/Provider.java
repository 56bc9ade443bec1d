package dev.plinto.polar.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.Webhooks;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// The simulated Polar in a [process of its own][SimulatedProvider], as its merchant and its buyers call it.
///
/// @param api    the address of its API, which ends in `/v1`
/// @param secret of its only webhook endpoint
record Provider(Process process, String api, String endpoint, String secret, String product) implements AutoCloseable {

    static final String TOKEN = PolarServer.ACCESS_TOKEN;

    private static final String[] AUTHORIZED = {"authorization", "Bearer " + TOKEN};
    private static final String NOWHERE = "http://127.0.0.1:9/"; // until the service has started

    static Provider start() {
        try {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx1g", "-XX:+UseSerialGC", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-cp",
                    System.getProperty("java.class.path"), SimulatedProvider.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String api = output.readLine();
            if (api == null) {
                throw new IllegalStateException("the simulated Polar does not start");
            }
            JsonNode endpoint = JsonHttp.answer(JsonHttp.post(api + "/webhooks/endpoints",
                    Map.of("url", NOWHERE, "format", "raw", "events", Webhooks.ALL_TYPES), AUTHORIZED));
            JsonNode pro = JsonHttp.answer(JsonHttp.request(api + "/products/?query=Pro").headers(AUTHORIZED).build());
            return new Provider(process, api, endpoint.path("id").asText(), endpoint.path("secret").asText(),
                    pro.at("/items/0/id").asText());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// From now on it delivers there.
    void deliverTo(String url) {
        changeEndpoint(Map.of("url", url));
    }

    /// Whether new checkouts are told to our endpoint, also those of other sellers.
    void tellCheckouts(boolean tell) {
        changeEndpoint(Map.of("events", Webhooks.ALL_TYPES.stream()
                .filter(type -> tell || !type.equals("checkout.created")).toList()));
    }

    private void changeEndpoint(Map<String, ?> change) {
        JsonHttp.answer(JsonHttp.send(api + "/webhooks/endpoints/" + endpoint, "PATCH", change, AUTHORIZED));
    }

    /// The id of the customer with our id; empty text if there is none.
    String customer(String externalId) {
        return get("/customers/external/" + externalId).path("id").asText();
    }

    /// What a seller asks for at last.
    HttpRequest checkout(String customer, Map<String, ?> metadata) {
        return JsonHttp.post(api + "/checkouts/", Map.of("products", new String[] {product}, "customer_id", customer,
                "success_url", "https://app.example/success?checkout_id={CHECKOUT_ID}", "metadata", metadata),
                AUTHORIZED);
    }

    /// Pays, as the buyer does on Polar's page.
    void pay(String clientSecret, String email) {
        JsonHttp.answer(JsonHttp.post(api + "/checkouts/client/" + clientSecret + "/confirm", Map.of(
                "confirmation_token_id", "ctoken_sandbox_pays", "customer_email", email, "customer_name", "A Buyer",
                "customer_billing_address", Map.of("country", "DE"))));
    }

    JsonNode get(String path) {
        return JsonHttp.answer(JsonHttp.request(api + path).headers(AUTHORIZED).build());
    }

    /// As the clients of Polar's SDK are given it.
    String addressWithoutVersion() {
        return api.replaceFirst("/v1$", "");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
