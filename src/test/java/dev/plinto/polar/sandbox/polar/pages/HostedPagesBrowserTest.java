package dev.plinto.polar.sandbox.polar.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Axe;
import dev.plinto.polar.testing.Browser;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A person buys, cancels and gives seats away on the pages that the simulated Polar hosts, in a real browser; what the
/// service then says is asked of its own API.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class HostedPagesBrowserTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int WIDE = 1280;
    private static final int NARROW = 390;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = OwnThreads.httpClient();

    private static Browser browser;

    @TestHTTPResource("/")
    URI service;

    private final String organization = "org-" + UUID.randomUUID();

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

    @BeforeEach
    void look() {
        browser.emulate(WIDE, false);
        browser.loggedErrors(); // of the test before
    }

    @Test
    void purchase_unlocksWhatWasBought() {
        openCheckout("Pro");
        fillIn();

        pay("pays");

        awaitPurchase();
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(features()).containsExactly("unlimited_exports"));
        browser.click("main a[href^='/ops/accounts']");
        awaitText("h1", organization);
        assertThat(browser.text("main")).contains("Unlimited exports");
        assertThat(browser.loggedErrors()).isEmpty();
    }

    @Test
    void cardThatIsDeclined_canBeFollowedByAnother() {
        openCheckout("Pro");
        fillIn();

        pay("is declined");

        awaitText("h1", "Pro");
        assertThat(browser.text("[role=alert]")).contains("declined");
        assertThat(browser.script("return document.querySelector('#email').value").asText())
                .isEqualTo(organization + "@customer.example");
        assertThat(features()).isEmpty();

        pay("pays");
        awaitPurchase();
    }

    @Test
    void bankThatAsks_isWaitedFor() {
        openCheckout("Pro");
        fillIn();

        pay("3-D Secure");

        awaitText("h1", "Your bank is asked");
        advanceClock("PT1M");
        awaitPurchase();
    }

    @Test
    void buyerWhoLeaves_buysNothing() {
        openCheckout("Pro");

        browser.click(".after a");

        awaitText("#products", "Products");
        assertThat(features()).isEmpty();
    }

    @Test
    void oneOfSeveralProducts_isChosen() throws JsonProcessingException {
        JsonNode products = polar("GET", "/products/?sorting=created_at", null).get("items");
        String[] offered = {id(products, "Pro"), id(products, "Studio")};
        String body = "{\"products\":[\"%s\",\"%s\"],\"seats\":2}".formatted(offered[1], offered[0]);
        browser.go(URI.create(polar("POST", "/checkouts/", body).get("url").asText()));
        awaitText("h1", "Studio");

        browser.type("#product_id", "Pro");
        browser.click(".field:has(#product_id) + button");

        awaitText("h1", "Pro");
        assertThat(browser.text("#due")).startsWith("€29.00");
    }

    @Test
    void subscription_isCanceled_keptAndChanged_inThePortal() {
        openCheckout("Pro");
        fillIn();
        pay("pays");
        awaitPurchase();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(features()).isNotEmpty());

        openPortal();
        awaitText("article .badge", "active");
        browser.type("article [name=reason]", "unused");
        browser.click("article form:has([value=cancel]) button");
        awaitText("article .badge", "ends soon");
        await().atMost(PATIENCE).until(this::isCanceling);

        browser.click("article form:has([value=uncancel]) button");
        awaitText("article .badge", "active");
        await().atMost(PATIENCE).until(() -> !isCanceling());

        browser.type("article [name=product_id]", "Team");
        browser.click("article form:has([value=change]) button");
        awaitText("article h3", "Team active");
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(features()).containsExactly("shared_workspaces"));

        browser.click("td form button");
        await().atMost(PATIENCE).until(() -> browser.address().contains("/sandbox/polar/invoices/"));
        assertThat(browser.text("h1")).startsWith("Invoice ");
        assertThat(browser.loggedErrors()).isEmpty();
    }

    @Test
    void seat_isGiven_claimed_andTaken() {
        openCheckout("Studio");
        fillIn();
        pay("pays");
        awaitPurchase();
        assertThat(features()).isEmpty();

        openPortal();
        String guest = "guest-" + organization + "@customer.example";
        browser.type("article [type=email]", guest);
        browser.click("article form:has([value=assign-seat]) button");
        awaitText("tbody tr", guest + " invited\nTake the seat back");

        browser.go(service.resolve("/sandbox/polar"));
        browser.click("a[aria-label='Claim the seat of " + guest + "']");
        awaitText("h1", "Claim your seat");
        browser.click("button");
        awaitText("h1", "The seat is yours");
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(features()).containsExactlyInAnyOrder("shared_workspaces", "template_library"));

        openPortal();
        browser.click("tbody form:has([value=revoke-seat]) button");
        awaitText("tbody tr", "Nobody has a seat yet.");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(features()).isEmpty());
    }

    @Test
    void pages_haveNoFaultsOfAccessibility() throws IOException, InterruptedException {
        Axe axe = Axe.install();
        List<String> faults = new ArrayList<>();
        openCheckout("Studio");
        String checkout = browser.address();
        look(axe, checkout, faults);
        fillIn();
        pay("is declined");
        awaitText("h1", "Studio");
        faults.addAll(axe.faults(browser, "checkout that was declined"));
        pay("pays");
        awaitPurchase();
        look(axe, browser.address(), faults);
        openPortal();
        look(axe, browser.address(), faults);
        browser.click("td form button");
        await().atMost(PATIENCE).until(() -> browser.address().contains("/invoices/"));
        look(axe, browser.address(), faults);
        for (String broken : List.of("/checkout/none", "/portal?customer_session_token=none", "/invoices/none",
                "/seats/claim?invitation_token=none")) {
            look(axe, service.resolve("/sandbox/polar" + broken).toString(), faults);
        }

        assertThat(faults).isEmpty();
    }

    private void look(Axe axe, String page, List<String> faults) {
        for (boolean dark : List.of(false, true)) {
            browser.emulate(dark ? NARROW : WIDE, dark);
            browser.go(URI.create(page));
            faults.addAll(axe.faults(browser, page + (dark ? " narrow, dark" : " wide, light")));
        }
        browser.emulate(WIDE, false);
    }

    private void openCheckout(String product) {
        browser.go(service.resolve("/sandbox/polar"));
        String form = "article:has([aria-label='Buy " + product + "']) ";
        browser.script("document.querySelector(\"" + form + "[name=organization_id]\").value = '" + organization + "'");
        browser.click(form + "button");
        awaitText("h1", product);
    }

    private void fillIn() {
        browser.type("#email", organization + "@customer.example");
        browser.type("#name", "Robin Buyer");
        browser.type("#country", "Mexico");
    }

    /// With the card that does this.
    private static void pay(String does) {
        browser.script("[...document.querySelectorAll('.choice')].find(card => card.textContent.includes('" + does
                + "')).querySelector('input').click()");
        browser.click("button.first");
    }

    private static String id(JsonNode products, String name) {
        for (JsonNode product : products) {
            if (product.get("name").asText().equals(name)) {
                return product.get("id").asText();
            }
        }
        throw new AssertionError("no product is called " + name);
    }

    /// Of the simulated Polar's API.
    private JsonNode polar(String method, String path, String body) throws JsonProcessingException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/sandbox/polar/v1" + path))
                .header("authorization", "Bearer polar_oat_sandbox")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(HTTP.sendAsync(request, BodyHandlers.ofString()).join().body());
    }

    private void advanceClock(String by) {
        HttpRequest move = HttpRequest.newBuilder(service.resolve("/sandbox/clock"))
                .POST(BodyPublishers.ofString("{\"advance\":\"" + by + "\"}")).build();
        assertThat(HTTP.sendAsync(move, BodyHandlers.ofString()).join().statusCode()).isEqualTo(200);
    }

    /// Until the browser is back at the merchant.
    private static void awaitPurchase() {
        await().atMost(PATIENCE).until(() -> browser.address().contains("checkout_id="));
        awaitText("[role=status]", "The checkout " + browser.address().replaceAll(".*checkout_id=", "") + " is paid.");
    }

    private void openPortal() {
        browser.go(service.resolve("/sandbox/polar"));
        browser.click("button[aria-label='Open the portal of " + organization + "@customer.example']");
        awaitText("h1", "Your account");
    }

    private List<String> features() {
        List<String> features = new ArrayList<>();
        read("entitlements").get("entitlements").forEach(one -> {
            if (one.get("feature").isTextual()) {
                features.add(one.get("feature").asText());
            }
        });
        return features;
    }

    private boolean isCanceling() {
        return read("subscriptions").at("/items/0/cancel_at_period_end").asBoolean();
    }

    private JsonNode read(String what) {
        HttpRequest request = HttpRequest.newBuilder(
                service.resolve("/api/v1/polar/" + what + "?organization_id=" + organization))
                .header("authorization", "Bearer " + new PlintoTokens(service).of("org_id", organization))
                .build();
        HttpResponse<String> answer = HTTP.sendAsync(request, BodyHandlers.ofString()).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitText(String css, String text) {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(
                () -> assertThat(browser.text(css)).isEqualTo(text));
    }
}
