package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Axe;
import dev.plinto.polar.testing.Browser;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The sandbox's provider in a real browser.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class SignInBrowserTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WIDE = 1280;
    private static final int NARROW = 390;

    private static Browser browser;

    @TestHTTPResource("/")
    URI service;

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void operator_signsInToTheConsole_andOut() {
        browser.go(service.resolve("/ops"));
        browser.click(".who a");
        awaitText("h1", "Who signs in?");

        browser.click("button[value=operator]");
        awaitText(".who", "Signed in as usr_operator. Sign out");
        browser.click(".who button");

        await().atMost(PATIENCE).until(() -> browser.address().endsWith("/ops/signed-out"));
        assertThat(browser.text("h1")).isEqualTo("You are signed out of the console");
        browser.click("main a");
        awaitText("h1", "Who signs in?");
        browser.click("main > p a");
        awaitText(".who", "Signed in as usr_sandbox. This is the sandbox: you are signed in automatically. "
                + "Sign in as a person");
        assertThat(browser.loggedErrors()).isEmpty();
    }

    @Test
    void applicationOnAnotherPort_signsAPersonIn() {
        try (BrowserApplication application = new BrowserApplication(PlintoTokens.issuer())) {
            browser.go(application.address());
            awaitText("h1", "Who signs in?");

            browser.click("button[value=member]");

            await().atMost(PATIENCE).until(() -> browser.address().startsWith(application.address().toString()));
            awaitText("#user", "Mei of org-1");
        }
    }

    @Test
    void personOfSeveralOrganizations_picksOne() {
        try (BrowserApplication application = new BrowserApplication(PlintoTokens.issuer())) {
            browser.go(application.address());
            awaitText("h1", "Who signs in?");

            browser.click("button[value=consultant]");
            awaitText("h1", "For which organization?");
            browser.click("button[value=org-2]");

            awaitText("#user", "Carla of org-2");
        }
    }

    @Test
    void pages_haveNoFaultsOfAccessibility() throws IOException, InterruptedException {
        Axe axe = Axe.install();
        List<String> faults = new ArrayList<>();
        for (String page : List.of("/sandbox/plinto/console", "/sandbox/plinto/oauth/authorize",
                "/sandbox/plinto/oauth/end-session")) {
            for (boolean dark : List.of(false, true)) {
                browser.emulate(dark ? NARROW : WIDE, dark);
                browser.go(service.resolve(page));
                faults.addAll(axe.faults(browser, page + (dark ? " narrow, dark" : " wide, light")));
            }
        }
        browser.go(service.resolve("/sandbox/plinto/console"));
        browser.click("button[value=consultant]");
        awaitText("h1", "For which organization?");
        faults.addAll(axe.faults(browser, "choice of an organization"));
        browser.go(service.resolve("/sandbox/plinto/console/automatic")); // for the other tests

        assertThat(faults).isEmpty();
    }

    private static void awaitText(String css, String text) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(
                () -> assertThat(browser.text(css)).isEqualTo(text));
    }
}
