package dev.plinto.polar.artefact;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Browser;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.IdentityProvider;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SandboxStack;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How operators sign in to the console and out of it, and what their session is good for.
class ConsoleSessionIT {

    private static IdentityProvider provider;
    private static PackagedService service;

    private ConsoleClient operator;

    @BeforeAll
    static void start() {
        provider = new IdentityProvider();
        service = PackagedService.start(environment(provider));
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        provider.close();
    }

    @BeforeEach
    void signIn() {
        provider.signIn("ops");
        operator = visitor(service);
        assertThat(operator.follow("/ops").statusCode()).isEqualTo(200);
    }

    /// The provider wants PKCE.
    @Test
    void operator_signsIn() {
        HttpResponse<String> page = operator.get("/ops/audit");

        assertThat(page.body()).contains("<h1>Audit log</h1>", "Signed in as <strong>usr_person</strong>", "Sign out")
                .doesNotContain("sandbox");
    }

    @Test
    void personWithoutTheRole_isRefused() {
        for (Object roles : List.of(List.of("owner"), List.of(), "ops", "ops owner", List.of("opsx"), 1)) {
            provider.signInWithClaim(roles);

            HttpResponse<String> refused = visitor(service).follow("/ops");

            assertThat(refused.statusCode()).as("%s", roles).isEqualTo(403);
            assertThat(refused.body()).contains("signed in as usr_person, without the role ops")
                    .doesNotContain("<nav");
        }
    }

    @Test
    void personWhoIsGivenTheRole_signsInAgain() {
        provider.signIn("owner");
        ConsoleClient person = visitor(service);
        assertThat(person.follow("/ops").statusCode()).isEqualTo(403);

        provider.signIn("ops");

        assertThat(person.follow("/ops").statusCode()).isEqualTo(200);
    }

    @Test
    void session_isWorthNothingForCalls() {
        for (String cookie : List.of(operator.cookies(), "q_session=x", "q_session=a.b.c", "q_session=")) {
            for (String call : List.of("ops/audit", "entitlements?organization_id=org-1")) {
                HttpResponse<String> answer = visitor(service).get("/api/v1/polar/" + call, "cookie", cookie);

                assertProblem(answer, 401, "token-not-accepted");
                assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
            }
        }
        assertThat(operator.get("/api/v1/polar/ops/audit", "authorization", "Bearer " + provider.accessToken())
                .statusCode()).isEqualTo(200);
    }

    @Test
    void formOfAnotherSession_doesNothing() {
        ConsoleClient other = visitor(service);
        other.follow("/ops");

        HttpResponse<String> answer = operator.post("/ops/sign-out", Map.of("form", other.formToken()));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(operator.get("/ops").statusCode()).isEqualTo(200);
    }

    @Test
    void operator_signsOut_hereAndAtTheProvider() {
        HttpResponse<String> page = operator.post("/ops/sign-out", Map.of("form", operator.formToken()));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("You are signed out of the console", "content=\"0; url=" + provider.url()
                + "/sign-out?client_id=console&amp;post_logout_redirect_uri=").doesNotContain("id_token", "eyJ");
        assertThat(operator.get("/ops").statusCode()).isEqualTo(302); // to sign in
        assertThat(operator.get("/ops/signed-out").body()).contains("Sign in again").doesNotContain("<nav");
    }

    /// The console's Content-Security-Policy keeps browsers from following a form to another site.
    @Test
    void browser_getsToTheProvider_andBack() {
        try (Browser browser = Browser.open()) {
            browser.go(URI.create(service.baseUrl() + "/ops"));
            assertThat(browser.text(".who")).isEqualTo("Signed in as usr_person. Sign out");

            browser.click(".who button");

            await().until(() -> browser.address().equals(service.baseUrl() + "/ops/signed-out"));
            assertThat(browser.text("h1")).isEqualTo("You are signed out of the console");
            assertThat(browser.loggedErrors()).isEmpty();
        }
    }

    @Test
    void providerThatEndsNoSessions_isLeftAlone() {
        try (IdentityProvider plain = new IdentityProvider(false);
                PackagedService ofPlain = PackagedService.start(environment(plain))) {
            plain.signIn("ops");
            ConsoleClient visitor = visitor(ofPlain);
            visitor.follow("/ops");

            HttpResponse<String> page = visitor.post("/ops/sign-out", Map.of("form", visitor.formToken()));

            assertThat(page.body()).contains("You are signed out of the console", "Sign in again")
                    .doesNotContain("refresh");
            assertThat(visitor.get("/ops").statusCode()).isEqualTo(302);
        }
    }

    private static ConsoleClient visitor(PackagedService service) {
        return new ConsoleClient(URI.create(service.baseUrl()));
    }

    private static Map<String, String> environment(IdentityProvider provider) {
        Map<String, String> environment = SandboxStack.productionEnvironment();
        environment.put("JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS);
        environment.put("QUARKUS_OIDC_AUTH_SERVER_URL", provider.url());
        environment.put("QUARKUS_OIDC_CLIENT_ID", "console");
        environment.put("QUARKUS_OIDC_CREDENTIALS_SECRET", "a-secret-of-more-than-32-characters");
        environment.put("PLINTO_JWT_ISSUER", provider.url());
        environment.put("PLINTO_JWT_AUDIENCE", "console");
        environment.put("PLINTO_JWKS_URL", provider.url() + "/jwks");
        return environment;
    }
}
