package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.sandbox.polar.TestCard;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A checkout through Polar's API, from the merchant's request to the buyer's access.
class CheckoutsOverHttpTest extends CheckoutClient {

    @Test
    void purchaseByANewBuyer_endsWithAccess() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"external_customer_id\":\"org-2\","
                + "\"metadata\":{\"organization_id\":\"org-2\"},\"customer_metadata\":{\"size\":3},"
                + "\"success_url\":\"https://app.example/thanks?id={CHECKOUT_ID}\"");
        assertThat(types(polar.takeEvents())).containsExactly("checkout.created");

        HttpResponse<String> answer = confirm(checkout, TestCard.PAYS, NEW_BUYER);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode confirmed = json(answer);
        assertThat(confirmed.get("status").asText()).isEqualTo("confirmed");
        assertThat(confirmed.get("customer_email").asText()).isEqualTo("kim@example.org");
        String token = confirmed.get("customer_session_token").asText();
        assertThat(token).startsWith("polar_mst_");
        assertThat(polar.customerSessions().resolve(token).orElseThrow().customer())
                .hasToString(confirmed.get("customer_id").asText());
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).startsWith(CONFIRMED_BY_NEW_BUYER).endsWith(PAID).hasSize(15);
        JsonNode customer = data(events, "customer.created");
        assertThat(customer.get("external_id").asText()).isEqualTo("org-2");
        assertThat(customer.at("/billing_address/city").asText()).isEqualTo("Vigo");
        assertThat(customer.at("/metadata/size").asInt()).isEqualTo(3);
        assertThat(data(events, "order.paid").at("/metadata/organization_id").asText()).isEqualTo("org-2");
        JsonNode succeeded = json(get("/checkouts/" + checkout.get("id").asText()));
        assertThat(succeeded.get("status").asText()).isEqualTo("succeeded");
        assertThat(succeeded).isEqualTo(data(events, "checkout.updated"));
        assertThat(succeeded.get("success_url").asText())
                .isEqualTo("https://app.example/thanks?id=" + checkout.get("id").asText());
    }

    @Test
    void cardThatPaysLater_succeedsByItself() throws InterruptedException {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");
        assertThat(confirm(checkout, TestCard.PAYS_LATER, NEW_BUYER).statusCode()).isEqualTo(200);
        assertThat(types(polar.takeEvents())).endsWith(CONFIRMED_BY_NEW_BUYER);
        assertThat(read(checkout).get("status").asText()).isEqualTo("confirmed");

        clock.advance(Duration.ofSeconds(20));

        assertThat(read(checkout).get("status").asText()).isEqualTo("succeeded");
        assertThat(types(polar.takeEvents())).containsExactly(PAID);
    }

    @Test
    void cardThatIsDeclinedLater_opensTheCheckoutAgain() throws InterruptedException {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");
        confirm(checkout, TestCard.DECLINED_LATER, NEW_BUYER);
        polar.takeEvents();

        clock.advance(Duration.ofSeconds(20));

        assertThat(read(checkout).get("status").asText()).isEqualTo("open");
        assertThat(types(polar.takeEvents())).containsExactly("checkout.updated");
        assertThat(confirm(checkout, TestCard.PAYS, NEW_BUYER).statusCode()).isEqualTo(200);
        assertThat(types(polar.takeEvents())).startsWith("checkout.updated", "customer.updated").endsWith(PAID);
    }

    @Test
    void trial_needsNoCard_andLastsAsLongAsTheMerchantSays() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"trial_interval\":\"week\","
                + "\"trial_interval_count\":2");
        assertThat(checkout.get("is_payment_required").asBoolean()).isFalse();
        polar.takeEvents();

        assertThat(confirm(checkout, NEW_BUYER).statusCode()).isEqualTo(200);

        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).endsWith(PAID);
        JsonNode subscription = data(events, "subscription.created");
        assertThat(subscription.get("status").asText()).isEqualTo("trialing");
        assertThat(subscription.get("trial_end").asText()).startsWith("2026-11-17T08:00");
        assertThat(data(events, "order.paid").get("total_amount").asInt()).isZero();
    }

    @Test
    void discount_takesItsPartOff() {
        UUID discount = polar.catalogue().addDiscount("Launch", 25);
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"discount_id\":\"" + discount + "\"");
        polar.takeEvents();
        assertThat(checkout.get("amount").asInt()).isEqualTo(2_900);
        assertThat(checkout.get("discount_amount").asInt()).isEqualTo(725);
        assertThat(checkout.get("net_amount").asInt()).isEqualTo(2_175);
        assertThat(checkout.at("/discount/name").asText()).isEqualTo("Launch");

        confirm(checkout, TestCard.PAYS, NEW_BUYER);

        List<WebhookEvent> events = polar.takeEvents();
        JsonNode order = data(events, "order.paid");
        assertThat(order.get("discount_id").asText()).isEqualTo(discount.toString());
        assertThat(order.get("net_amount").asInt()).isEqualTo(2_175);
        assertThat(order.at("/discount/name").asText()).isEqualTo("Launch");
        assertThat(names(order.get("discount"))).contains("redemptions_count").doesNotContain("products");
        assertThat(data(events, "subscription.created").get("discount_id").asText()).isEqualTo(discount.toString());
    }

    @Test
    void buyerChoosesAmongTheProducts() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\",\"" + team + "\"]");
        assertThat(checkout.get("products")).hasSize(2);
        assertThat(names(checkout.get("prices"))).containsExactly(pro.toString(), team.toString());
        polar.takeEvents();

        JsonNode switched = json(clientSend("PATCH", checkout, "", "{\"product_id\":\"" + team + "\"}"));

        assertThat(switched.get("product_id").asText()).isEqualTo(team.toString());
        assertThat(switched.get("amount").asInt()).isEqualTo(9_900);
        assertThat(types(polar.takeEvents())).containsExactly("checkout.updated");
        assertRefused(clientSend("PATCH", checkout, "", "{\"product_id\":\"" + polar.catalogue().onboarding() + "\"}"),
                "[\"body\",\"product_id\"]");
    }

    @Test
    void seats_areCountedByTheProduct() {
        UUID studio = polar.catalogue().studio();
        JsonNode checkout = create("\"products\":[\"" + studio + "\"],\"min_seats\":2,\"max_seats\":5");
        assertThat(checkout.get("seats").asInt()).isEqualTo(2);
        String path = "/checkouts/" + checkout.get("id").asText();

        assertThat(json(send("PATCH", path, "{\"seats\":4}")).get("amount").asInt()).isEqualTo(4_800);
        assertRefused(send("PATCH", path, "{\"seats\":6}"), "[\"body\",\"seats\"]");
        assertRefused(send("PATCH", path, "{\"seats\":2.5}"), "[\"body\",\"seats\"]");
        assertThat(json(get(path)).get("seats").asInt()).isEqualTo(4);
    }

    @Test
    void buyersView_lacksWhatIsTheMerchants() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"metadata\":{\"a\":\"b\"}");

        JsonNode seen = read(checkout);

        ObjectNode expected = checkout.deepCopy();
        expected.remove(List.of("trial_interval", "trial_interval_count", "metadata", "customer_metadata",
                "external_customer_id", "subscription_id"));
        assertThat(names(seen)).containsAll(names(expected)).hasSize(expected.size() + 1);
        assertThat(names(seen.get("organization"))).containsExactlyInAnyOrder("id", "created_at", "modified_at", "name",
                "slug", "avatar_url", "proration_behavior", "allow_customer_updates");
    }

    @Test
    void buyerWithAKnownEmail_isThatCustomer_withoutTheNewExternalId() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"external_customer_id\":\"org-new\"");
        String email = json(get("/customers/" + customer)).get("email").asText();
        polar.takeEvents();

        HttpResponse<String> answer = confirm(checkout, TestCard.PAYS,
                NEW_BUYER.replace("kim@example.org", email.toUpperCase(Locale.ROOT)));

        assertThat(json(answer).get("customer_id").asText()).isEqualTo(customer.toString());
        List<WebhookEvent> events = polar.takeEvents();
        assertThat(types(events)).startsWith("checkout.updated", "customer.updated", "customer.state_changed");
        assertThat(data(events, "customer.updated").get("external_id").asText()).isEqualTo("org-1");
        assertThat(data(events, "checkout.updated").get("external_customer_id").asText()).isEqualTo("org-new");
    }

    @Test
    void externalIdOfACustomer_linksTheCheckoutToIt() {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"],\"external_customer_id\":\"org-1\"");
        assertThat(checkout.get("customer_id").asText()).isEqualTo(customer.toString());

        HttpResponse<String> answer = confirm(checkout, TestCard.PAYS, NEW_BUYER);

        assertThat(json(answer).get("customer_id").asText()).isEqualTo(customer.toString());
        assertThat(json(answer).get("customer_email").asText()).as("the linked customer's").startsWith("billing+");
    }

    @ParameterizedTest
    @EnumSource(TestCard.class)
    void everyCard_isKnownByItsToken(TestCard card) {
        JsonNode checkout = create("\"products\":[\"" + pro + "\"]");

        assertThat(confirm(checkout, card, NEW_BUYER).statusCode()).isEqualTo(card == TestCard.DECLINED ? 400 : 200);
    }
}
