package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.polar.SoldProducts;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.PolarsLists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An organization that buys at the simulated Polar, over real HTTP. Every answer of a documented call is compared with
/// `api/openapi.yaml`.
public final class SellingClient {

    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final OpenApi OPENAPI = new OpenApi();
    /// By the names of [OpenApi#answers()].
    private static final Set<String> ANSWERED = ConcurrentHashMap.newKeySet();
    /// Of every call; and of an outage or many calls, which other tests cause.
    private static final Pattern OF_ANY_CALL = Pattern.compile(
            "404 role-not-running|500 internal-error"
                    + "|422 not-supported" // of purchases at Conekta, in ChangeAtConektaTest
                    + "|503 (database-unavailable|not-ready|provider-not-configured|too-many-exports)|default .*");

    public final Database database = Database.ofSandbox();
    public final PlintoTokens tokens;
    public final String organization = "selling-" + UUID.randomUUID();
    private final URI service;

    public SellingClient(URI service) {
        this.service = service;
        tokens = new PlintoTokens(service);
        PolarsLists.areRead(database);
    }

    /// Calls as documented: `POST /api/v1/polar/checkout`, with the values of the ids in its path.
    public HttpResponse<String> call(String operation, List<String> ids, String query, String body, String... headers) {
        String[] methodAndPath = operation.split(" ");
        String path = methodAndPath[1];
        for (String id : ids) {
            path = path.replaceFirst("\\{[^}]*}", id);
        }
        HttpResponse<String> answer = send(methodAndPath[0], path + query, body, headers);
        assertThat(OPENAPI.faults(operation, answer)).as(answer + " " + answer.body()).isEmpty();
        ANSWERED.add(OPENAPI.name(operation, answer));
        return answer;
    }

    /// Fails unless every documented answer of these calls has come from one of them, in the tests so far. For the end
    /// of a test class that makes all of these calls.
    public static void assertEveryAnswerCame(String... operations) {
        assertThat(of(OPENAPI.answers(), operations))
                .filteredOn(answer -> !OF_ANY_CALL.matcher(answer).matches())
                .isNotEmpty()
                .isSubsetOf(of(ANSWERED, operations));
    }

    private static Set<String> of(Set<String> answers, String... operations) {
        return Stream.of(operations).flatMap(operation -> answers.stream()
                .filter(answer -> answer.startsWith(operation + " "))
                .map(answer -> answer.substring(operation.length() + 1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .method(method, BodyPublishers.ofString(body)).header("content-type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    public static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /// Of an answer with this status.
    public static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json(answer);
    }

    /// The header of an owner whose e-mail is verified.
    public String owner() {
        return bearer("org_id", organization, "org_role", "owner", "email", "owner@plinto.dev", "email_verified",
                true);
    }

    public String member() {
        return bearer("sub", "usr_member", "org_id", organization, "org_role", "member");
    }

    /// A service of this organization.
    public String service(String scope) {
        return "Bearer " + tokens.service(scope, "org_id", organization);
    }

    /// The owner of another organization.
    public String stranger() {
        return bearer("sub", "usr_stranger", "org_id", "stranger-of-" + organization, "org_role", "owner");
    }

    public String bearer(Object... claims) {
        return "Bearer " + tokens.of(claims);
    }

    /// Lets Polar do something for an organization; answers what it did.
    public JsonNode trigger(String scenario, String of) {
        return json(send("POST", "/sandbox/polar/trigger/" + scenario + "?organization_id=" + of, ""), 200);
    }

    /// The id of a subscription that the organization gets by a scenario, once it is projected.
    public String subscription(String scenario) {
        String id = trigger(scenario, organization).path("subscription_id").asText();
        await().atMost(PATIENCE).until(() -> database.column(
                "SELECT id FROM subscriptions WHERE id = ? AND published IS NOT NULL", id), found -> !found.isEmpty());
        return id;
    }

    /// The ids of the organization's subscriptions, as far as they are projected.
    List<String> subscribed() {
        return database.column("SELECT id FROM subscriptions WHERE account = ? AND published IS NOT NULL",
                organization);
    }

    /// As the service tells it.
    JsonNode subscriptionAsTold(String id) {
        return json(send("GET", "/api/v1/polar/subscriptions?organization_id=" + organization, "", "authorization",
                owner()), 200).path("items").valueStream()
                .filter(subscription -> subscription.path("subscription_id").asText().equals(id)).findFirst()
                .orElseThrow();
    }

    /// A product that can be bought, and that the service knows: another organization bought it.
    public String product() {
        JsonNode bought = trigger("purchase", "other-" + organization);
        return await().atMost(PATIENCE).until(() -> database.column("""
                SELECT product_id FROM subscriptions JOIN products p ON p.id = product_id
                WHERE subscriptions.id = ? AND visibility = 'public'
                """, bought.path("subscription_id").asText()), found -> !found.isEmpty()).getFirst();
    }

    /// A product that costs nothing, and that the service knows.
    ///
    /// @param group of which an organization has one subscription at most
    String freeProduct(String group, String visibility) {
        return known(polar("POST", "/products/", """
                {"name":"Free","visibility":"%s","recurring_interval":"month","metadata":{"group":"%s"},
                 "prices":[{"amount_type":"fixed","price_amount":0,"price_currency":"eur"}]}
                """.formatted(visibility, group)));
    }

    /// The id of a product of Polar's, once the service knows it.
    String known(JsonNode product) {
        String id = product.path("id").asText();
        String known = "SELECT id FROM products WHERE id = ? AND visibility IS NOT NULL";
        if (database.column(known, id).isEmpty()) {
            polar("PATCH", "/products/" + id, "{\"description\":\"Polar tells it again\"}");
        }
        await().atMost(PATIENCE).until(() -> database.column(known, id), found -> !found.isEmpty());
        return id;
    }

    public void pay(JsonNode checkout) {
        json(send("POST", "/sandbox/polar/v1/checkouts/client/" + checkout.path("client_secret").asText()
                + "/confirm", """
                        {"confirmation_token_id":"ctoken_sandbox_pays","customer_email":"buyer@plinto.dev",
                         "customer_name":"A Buyer","customer_billing_address":{"country":"DE"}}
                        """), 200);
    }

    /// What Polar itself says.
    public JsonNode polar(String path) {
        return polar("GET", path, "");
    }

    /// Does something at Polar without the service.
    public JsonNode polar(String method, String path, String body) {
        HttpResponse<String> answer = send(method, "/sandbox/polar/v1" + path, body, "authorization",
                "Bearer polar_oat_sandbox");
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return json(answer);
    }

    /// The ids of all checkouts that Polar has of the organization.
    List<String> checkoutsAtPolar() {
        List<String> ids = new ArrayList<>();
        polar("/checkouts/?limit=100&sorting=-created_at").path("items").forEach(checkout -> {
            if (checkout.at("/metadata/organization_id").asText().equals(organization)) {
                ids.add(checkout.path("id").asText());
            }
        });
        return ids;
    }

    /// The next call of Polar's API at this path fails so: `cut`, `too-many-requests`, …
    public void fault(String kind, String path) {
        fault("api", kind, path);
    }

    /// @param of which faults it is: `api`, `deliveries`, `business`
    public void fault(String of, String kind, String on) {
        assertThat(send("POST", "/sandbox/polar/faults/" + of + "/" + kind + "?on=" + on, "").statusCode())
                .isEqualTo(200);
    }

    /// Lets Polar tell of Pro, of which what is bought at Conekta gives the benefits; returns once it gives them.
    public void tellBenefits() {
        polar("PATCH", "/products/" + SoldProducts.PRO, "{\"description\":\"" + UUID.randomUUID() + "\"}");
        await().atMost(PATIENCE).until(() -> !database.column("SELECT id FROM grants WHERE account = ?", organization)
                .isEmpty());
    }

    /// Conekta's events carry whole seconds: what is said in the same one may count in either order.
    public static void awaitNextSecond() {
        long second = Instant.now().getEpochSecond();
        await().until(() -> Instant.now().getEpochSecond() > second);
    }

    public void endFaults() {
        send("DELETE", "/sandbox/polar/faults", "");
    }

    public String trail() {
        return send("GET", "/api/v1/polar/audit?organization_id=" + organization, "", "authorization", owner()).body();
    }

    public static String[] with(String authorization, String... more) {
        return Stream.concat(Stream.of("authorization", authorization), Stream.of(more)).toArray(String[]::new);
    }
}
