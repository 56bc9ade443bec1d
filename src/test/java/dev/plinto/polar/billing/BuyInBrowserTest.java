package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.Browser;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an organization does in an application, from its first purchase to its invoice: the calls are made by a script
/// in a real browser, and the buyer pays on the page to which they lead.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class BuyInBrowserTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUBSCRIPTIONS = "/api/v1/polar/subscriptions/";

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
    void organization_buysUsesChangesCancelsAndKeeps() {
        SellingClient selling = new SellingClient(service);
        Application application = new Application(selling);
        String pro = application.product("Pro");
        String team = application.product("Team");

        String subscription = application.buy(pro, "").path("subscription_id").asText();
        assertThat(application.features()).contains("unlimited_exports");

        JsonNode changed = application.call("PATCH", SUBSCRIPTIONS + subscription,
                "{\"product_id\":\"" + team + "\"}", 200);
        assertThat(changed.path("product_id").asText()).isEqualTo(team);
        await().atMost(SellingClient.PATIENCE).untilAsserted(() -> assertThat(application.features())
                .contains("shared_workspaces").doesNotContain("unlimited_exports"));

        JsonNode canceled = application.call("POST", SUBSCRIPTIONS + subscription + "/cancel", "", 200);
        assertThat(canceled.path("cancel_at_period_end").asBoolean()).isTrue();
        assertThat(canceled.path("projected").asBoolean()).isTrue();
        assertThat(application.features()).contains("shared_workspaces");
        assertThat(application.call("POST", SUBSCRIPTIONS + subscription + "/uncancel", "", 200)
                .path("cancel_at_period_end").asBoolean()).isFalse();

        application.seeInvoice();
    }

    @Test
    void organization_givesASeatAway() {
        SellingClient selling = new SellingClient(service);
        Application application = new Application(selling);

        String subscription = application.buy(application.product("Studio"), ",\"seats\":2")
                .path("subscription_id").asText();
        JsonNode seat = application.call("POST", SUBSCRIPTIONS + subscription + "/seats",
                "{\"user_id\":\"usr_2\",\"email\":\"ben-" + selling.organization + "@customer.example\"}", 201);

        assertThat(seat.path("status").asText()).isEqualTo("claimed");
        await().atMost(SellingClient.PATIENCE).untilAsserted(() -> assertThat(application.call("GET",
                "/api/v1/polar/entitlements?organization_id=" + selling.organization + "&user_id=usr_2", "", 200)
                .path("entitlements")).isNotEmpty());
        assertThat(application.call("GET", SUBSCRIPTIONS + subscription + "/seats", "", 200)
                .path("available_seats").asInt()).isEqualTo(1);
    }

    /// A page of the service's own origin, whose script has the token of the organization's owner.
    private final class Application {

        private final SellingClient selling;
        private final String token;

        Application(SellingClient selling) {
            this.selling = selling;
            token = selling.owner();
        }

        String product(String name) {
            return selling.known(selling.polar("/products/?limit=100").path("items").valueStream()
                    .filter(product -> product.path("name").asText().equals(name)).findFirst().orElseThrow());
        }

        /// The checkout, once what it sold counts.
        JsonNode buy(String product, String more) {
            JsonNode checkout = call("POST", "/api/v1/polar/checkout", "{\"product_id\":\"" + product
                    + "\",\"success_url\":\"/sandbox/polar?checkout_id={CHECKOUT_ID}\"" + more + "}", 201);
            String id = checkout.path("checkout_id").asText();
            browser.go(URI.create(checkout.path("checkout_url").asText()));
            browser.script("document.querySelector('#email').value = 'robin@customer.example'");
            browser.script("document.querySelector('#name').value = 'Robin Buyer'");
            browser.type("#country", "Mexico");
            browser.script("[...document.querySelectorAll('.choice')].find(card => card.textContent.includes('pays'))"
                    + ".querySelector('input').click()");
            browser.click("button.first");
            await().atMost(SellingClient.PATIENCE).untilAsserted(() -> assertThat(browser.address())
                    .as(browser.text("body")).contains("checkout_id=" + id));

            JsonNode activation = call("GET", "/api/v1/polar/checkout/" + id + "/activation?wait=25", "", 200);
            assertThat(activation.path("state").asText()).as(activation.toString()).isEqualTo("activated");
            return call("GET", "/api/v1/polar/checkout/" + id, "", 200);
        }

        void seeInvoice() {
            JsonNode order = call("GET", "/api/v1/polar/orders?organization_id=" + selling.organization, "", 200)
                    .at("/items/0");
            String path = "/api/v1/polar/orders/" + order.path("order_id").asText() + "/invoice";
            JsonNode invoice = await().atMost(SellingClient.PATIENCE).until(() -> fetched("GET", path, ""),
                    answer -> answer.path("status").asInt() == 200).path("body");
            browser.go(URI.create(invoice.path("invoice_url").asText()));
            assertThat(browser.text("h1, h2")).contains(order.path("invoice_number").asText());
        }

        Iterable<String> features() {
            return call("GET", "/api/v1/polar/entitlements?organization_id=" + selling.organization, "", 200)
                    .path("entitlements").findValuesAsText("feature");
        }

        JsonNode call(String method, String path, String body, int status) {
            JsonNode answer = fetched(method, path, body);
            assertThat(answer.path("status").asInt()).as(method + " " + path + " " + answer).isEqualTo(status);
            return answer.path("body");
        }

        private JsonNode fetched(String method, String path, String body) {
            browser.go(service.resolve("/q/health/live")); // the hosted pages let no script call anything
            JsonNode answer = browser.asyncScript("""
                    const done = arguments[arguments.length - 1];
                    fetch('%s', {method: '%s', headers: {authorization: '%s', 'content-type': 'application/json'},
                      body: '%s' || undefined})
                      .then(async answer => done(JSON.stringify({status: answer.status, body: await answer.json()})))
                      .catch(failure => done(JSON.stringify({status: 0, body: String(failure)})));
                    """.formatted(path, method, token, body));
            try {
                return JSON.readTree(answer.asText());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }
    }
}
