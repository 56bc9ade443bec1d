package dev.plinto.polar.caller;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.billing.StrictSelling;
import dev.plinto.polar.testing.ApiDocument;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every call of the API that needs a token, made by everybody who can send one.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(StrictSelling.class)
class CallsByCallersTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final String CHECKOUT = "checkout-of-" + CallerTable.ORGANIZATION;
    private static final String ORDER = "order-of-" + CallerTable.ORGANIZATION;
    private static final String ERASURE = "00000000-0000-4000-8000-000000000001";
    private static final String SUBSCRIPTION = "subscription-of-" + CallerTable.ORGANIZATION;

    @TestHTTPResource("/")
    URI service;

    private PlintoTokens tokens;

    @BeforeEach
    void useTheSandboxsKey() {
        tokens = new PlintoTokens(service);
        Database.ofSandbox().execute("INSERT INTO subscriptions (id, account) VALUES (?, ?) ON CONFLICT DO NOTHING",
                SUBSCRIPTION, CallerTable.ORGANIZATION);
        Database.ofSandbox().execute("INSERT INTO checkouts (id, organization_id, status) VALUES (?, ?, 'open') "
                + "ON CONFLICT DO NOTHING", CHECKOUT, CallerTable.ORGANIZATION);
        Database.ofSandbox().execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, completed_at)
                VALUES (?::uuid, ?, '{}', '{}', false, now()) ON CONFLICT DO NOTHING
                """, ERASURE, CallerTable.ORGANIZATION);
        Database.ofSandbox().execute("INSERT INTO orders (id, organization_id, created_at) VALUES (?, ?, now()) "
                + "ON CONFLICT DO NOTHING", ORDER, CallerTable.ORGANIZATION);
    }

    @AfterEach
    void forgetWhatIsOfTheOrganization() {
        Database.ofSandbox().execute("DELETE FROM erasures WHERE id = ?::uuid", ERASURE);
        Database.ofSandbox().execute("DELETE FROM orders WHERE id = ?", ORDER);
        Database.ofSandbox().execute("DELETE FROM checkouts WHERE id = ?", CHECKOUT);
        Database.ofSandbox().execute("DELETE FROM subscriptions WHERE id = ?", SUBSCRIPTION);
    }

    record Call(String method, String path) {

        Permission needed() {
            return path.contains("/ops/")
                    ? Permission.OPERATE
                    : switch (path.substring(path.lastIndexOf('/') + 1)) {
                        case "explain" -> Permission.EXPLAIN;
                        case "audit", "orders", "invoice" -> Permission.READ_BILLING;
                        case "routing" -> Permission.ROUTING;
                        case "seats" -> isRead() ? Permission.READ_BILLING : Permission.MANAGE;
                        case "portal" -> Permission.MANAGE;
                        case "data" -> isRead() ? Permission.EXPORT : Permission.ERASE;
                        case "{erasure_id}" -> Permission.EXPORT;
                        case "usage" -> isRead() ? Permission.READ : Permission.SEND_CLIENT_USAGE;
                        default -> isRead() ? Permission.READ : Permission.MANAGE;
                    };
        }

        private boolean isRead() {
            return method.equals("GET") || method.equals("HEAD");
        }

        private boolean isErasure() {
            return needed() == Permission.ERASE;
        }

        /// Whether it names the organization by something of it.
        boolean isOfObject() {
            return path.contains("{") && needed().isOfOrganization();
        }

        /// What the answer is called if there is no such object.
        String unknown() {
            return path.replaceAll("[^{]*\\{([a-z]+)_id}.*", "$1-unknown");
        }

        String body() {
            if (isRead() || isOfObject() || isErasure() || !needed().isOfOrganization()) {
                return "";
            }
            String organization = "\"organization_id\":\"" + CallerTable.ORGANIZATION + "\"";
            return switch (path.substring(path.lastIndexOf('/') + 1)) {
                case "customers" -> "{\"email\":\"a@plinto.dev\"," + organization + "}";
                case "usage" -> "{\"event_name\":\"api_call\"," + organization + "}";
                default -> "{\"product_id\":\"none\"," + organization + "}";
            };
        }

        /// An erasure is a dry run. An operator's call with an unknown parameter or id changes nothing.
        String uri() {
            if (isOfObject()) {
                return path.replace("{subscription_id}", SUBSCRIPTION).replace("{checkout_id}", CHECKOUT)
                        .replace("{order_id}", ORDER).replace("{erasure_id}", ERASURE).replaceAll("\\{[^}]*}", "none")
                        + (path.endsWith("/activation") ? "?wait=0" : "");
            }
            if (!body().isEmpty()) {
                return path;
            }
            String of = needed().isOfOrganization() ? "?organization_id=" + CallerTable.ORGANIZATION : "?none=such";
            return path.replaceAll("\\{[^}]*}", "none") + of + (path.endsWith("/grants") ? "&benefit_id=b" : "")
                    + (isErasure() ? "&dry_run=true" : "");
        }
    }

    static List<Call> calls() {
        List<Call> calls = ApiDocument.openapi().at("/paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(call -> !call.getValue().has("security")) // has another than a token
                        .map(call -> new Call(call.getKey().toUpperCase(Locale.ROOT), path.getKey())))
                .toList();
        assertThat(calls).hasSizeGreaterThan(20);
        return calls;
    }

    /// As of somewhat later, within the tolerance of clocks: they call one after the other.
    static Stream<CallerTable.Row> callers() {
        return CallerTable.rows(Instant.now().plusSeconds(30));
    }

    @ParameterizedTest
    @MethodSource("callers")
    void everyCall_answersOnlyWhoMay(CallerTable.Row caller) {
        String token = "Bearer " + tokens.of(CallerTable.pairs(caller.claims()));
        for (Call call : calls()) {
            HttpResponse<String> answer = send(call, token);
            switch (caller.answers().get(call.needed())) {
                case "+" -> assertThat(answer.statusCode()).as(call + " " + answer.body()).isNotIn(401, 403, 500);
                case "o" -> assertIsOfAnother(call, answer);
                case "r" -> assertProblem(answer, 403, "role-not-allowed");
                case "f" -> assertProblem(answer, 403, "fresh-sign-in-needed");
                default -> throw new AssertionError(call);
            }
        }
    }

    /// Whoever asks for something of another organization is answered as if it did not exist; or that they may do this
    /// nowhere.
    private static void assertIsOfAnother(Call call, HttpResponse<String> answer) {
        if (!call.isOfObject() && call.body().isEmpty()) {
            assertProblem(answer, 403, "organization-not-allowed");
        } else if (answer.statusCode() == 403) {
            assertThat(answer.body()).containsAnyOf("role-not-allowed", "organization-not-allowed");
        } else {
            assertProblem(answer, 404, call.unknown());
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyCall_needsAnAccessTokenThatIsValid(Call call) {
        long now = Instant.now().getEpochSecond();
        Object[] everything = {"org_id", CallerTable.ORGANIZATION, "org_role", "owner", "roles", List.of("ops"),
                "auth_time", now};

        assertProblem(send(call, null), 401, "token-not-accepted");
        assertProblem(send(call, "Bearer x"), 401, "token-not-accepted");
        assertProblem(send(call, "Bearer " + tokens.unsigned(everything)), 401, "token-not-accepted");
        assertProblem(send(call, "Bearer " + tokens.of(with(everything, "exp", now - 120))), 401, "token-not-accepted");
        assertProblem(send(call, "Bearer " + tokens.of(with(everything, "type", "refresh"))), 401,
                "token-not-accepted");
        assertThat(send(call, "Bearer " + tokens.of(everything)).statusCode()).isNotIn(401, 403);
    }

    /// `HEAD` runs the method of `GET`.
    @Test
    void head_isAnsweredAsGet() {
        for (Call call : calls()) {
            if (call.method.equals("GET")) {
                Call head = new Call("HEAD", call.path);
                assertThat(send(head, null).statusCode()).as(call.path).isEqualTo(401);
                assertThat(send(head, "Bearer " + tokens.of("org_id", "org-2")).statusCode()).as(call.path)
                        .isEqualTo(call.needed() == Permission.READ && call.isOfObject() ? 404 : 403);
            }
        }
    }

    @Test
    void refreshToken_isNamed() {
        assertThat(send(calls().getFirst(), "Bearer " + tokens.of("type", "refresh")).body()).contains("refresh");
    }

    private static Object[] with(Object[] claims, Object name, Object value) {
        return Stream.concat(Stream.of(claims), Stream.of(name, value)).toArray();
    }

    private HttpResponse<String> send(Call call, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(call.uri()))
                .method(call.method, call.body().isEmpty()
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(call.body()))
                .header("content-type", "application/json");
        Stream.ofNullable(authorization).forEach(value -> request.header("authorization", value));
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).join();
    }
}
