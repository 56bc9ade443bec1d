package dev.plinto.polar.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TokenIssuer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;

/// The packaged service in front of the simulated Polar, with a replica for the calls of applications as in `k8s/`.
///
/// @param service the replica that applications call
/// @param others  the replica that has all other roles
record OurSeller(PackagedService service, PackagedService others, TokenIssuer issuer, Provider provider)
        implements
            AutoCloseable {

    private static final String OTHER_ROLES = "ingress,projection,relay,reconcile";

    /// @param token of its owner, who buys
    record Organization(String id, String token, String email) {}

    /// Returns when it knows what Polar sells.
    static OurSeller start(OwnStack stack, TokenIssuer issuer, Provider provider) {
        Map<String, String> settings = new HashMap<>(issuer.environment());
        settings.put("POLAR_API_URL", provider.api());
        settings.put("POLAR_ACCESS_TOKEN", Provider.TOKEN);
        settings.put("POLAR_SANDBOX", "true");
        settings.put("POLAR_WEBHOOK_SECRET", provider.secret());
        settings.put("POLAR_RECONCILE_PERIOD", "1h"); // the first run is at once
        settings.put("POLAR_API_REQUESTS_PER_MINUTE", "100000");
        settings.put("POLAR_DATABASE_SILENCE", "15s"); // as in production: the machine may be busy
        settings.put("POLAR_APP_URL", "https://app.example");
        OurSeller seller = new OurSeller(BenchService.service(stack, "api", settings),
                BenchService.service(stack, OTHER_ROLES, settings), issuer, provider);
        provider.deliverTo(seller.others.webhooks().toString());
        Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(200))
                .until(() -> seller.service.get("/api/v1/polar/products").body().contains(provider.product()));
        return seller;
    }

    Organization organization(String id) {
        String email = id + "@buyers.example";
        return new Organization(id, issuer.owner(id, email), email);
    }

    HttpRequest checkout(Organization organization) {
        return JsonHttp.post(service.baseUrl() + "/api/v1/polar/checkout",
                Map.of("product_id", provider.product(), "success_url", "/success?checkout_id={CHECKOUT_ID}"),
                "authorization", "Bearer " + organization.token, "idempotency-key", UUID.randomUUID().toString());
    }

    JsonNode get(String path, Organization organization) {
        return JsonHttp.answer(JsonHttp.request(service.baseUrl() + path)
                .header("authorization", "Bearer " + organization.token).build());
    }

    static String entitlements(Organization organization) {
        return "/api/v1/polar/entitlements?organization_id=" + organization.id;
    }

    @Override
    public void close() {
        service.close();
        others.close();
    }
}
