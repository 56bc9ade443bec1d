package dev.plinto.polar.sandbox.plinto;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Operators sign in to the sandbox's console as in production, without any setting.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SignInToConsoleTest {

    @TestHTTPResource("/")
    URI service;

    private ConsoleClient browser;

    @BeforeEach
    void open() {
        browser = new ConsoleClient(service);
    }

    @Test
    void automaticSignIn_offersAPersons() {
        assertThat(browser.get("/ops").body()).contains("you are signed in automatically",
                "<a href=\"/sandbox/plinto/console\">Sign in as a person</a>");
    }

    @Test
    void operator_signsIn() {
        HttpResponse<String> question = browser.follow("/sandbox/plinto/console");
        assertThat(question.body()).contains("Who signs in?", "<strong>console</strong>");

        HttpResponse<String> page = signIn("operator", question);

        assertThat(page.uri().getPath()).isEqualTo("/ops");
        assertThat(page.body()).contains("Signed in as <strong>usr_operator</strong>", "Sign out")
                .doesNotContain("sandbox");
        assertThat(browser.get("/ops/audit").statusCode()).isEqualTo(200);
    }

    @Test
    void pageThatWasAskedFor_isShownAfterSigningIn() {
        browser.get("/sandbox/plinto/console");

        HttpResponse<String> page = signIn("operator", browser.follow("/ops/events?type=order.paid"));

        assertThat(page.uri().getPath()).isEqualTo("/ops/events");
        assertThat(page.uri().getQuery()).isEqualTo("type=order.paid");
    }

    @Test
    void personWithoutTheRole_isRefused_andMaySignInAsAnother() {
        HttpResponse<String> refused = signIn("owner", browser.follow("/sandbox/plinto/console"));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("signed in as usr_owner, without the role ops").doesNotContain("<nav");
        assertThat(signIn("operator", browser.follow("/ops")).statusCode()).isEqualTo(200);
    }

    @Test
    void operator_signsOut_hereAndAtTheProvider() {
        signIn("operator", browser.follow("/sandbox/plinto/console"));

        HttpResponse<String> page = browser.post("/ops/sign-out", Map.of("form", browser.formToken()));
        HttpResponse<String> signedOut = browser.follow(page.body()
                .replaceFirst("(?s).*content=\"0; url=([^\"]*)\".*", "$1").replace("&amp;", "&"));

        assertThat(signedOut.uri().getPath()).isEqualTo("/ops/signed-out");
        assertThat(signedOut.body()).contains("You are signed out of the console", "Sign in again");
        assertThat(browser.get("/ops").statusCode()).isEqualTo(302); // to sign in
    }

    @Test
    void sessionOfAPerson_isWorthNothingForCalls() {
        signIn("operator", browser.follow("/sandbox/plinto/console"));

        assertProblem(new ConsoleClient(service).get("/api/v1/polar/ops/audit", "cookie", browser.cookies()), 401,
                "token-not-accepted");
    }

    @Test
    void visitor_goesBackToTheAutomaticSignIn() {
        HttpResponse<String> question = browser.follow("/sandbox/plinto/console");
        assertThat(question.body()).contains("href=\"/sandbox/plinto/console/automatic\"");

        assertThat(browser.follow("/sandbox/plinto/console/automatic").body())
                .contains("Signed in as <strong>usr_sandbox</strong>");
        assertThat(browser.get("/ops").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> signIn(String person, HttpResponse<String> question) {
        return new ConsoleSignIn(browser).signIn(person, question);
    }
}
