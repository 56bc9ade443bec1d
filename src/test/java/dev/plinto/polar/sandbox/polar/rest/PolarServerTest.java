package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The answers of Polar's API over HTTP.
class PolarServerTest extends PolarApiClient {

    @Test
    void pages_listEverythingOnce() {
        for (int i = 0; i < 24; i++) {
            polar.grants().give(customer, polar.catalogue().addBenefit("Benefit " + i, null));
        }
        List<String> seen = new ArrayList<>();
        for (int page = 1; page <= 3; page++) {
            JsonNode body = json(get("/benefit-grants/?sorting=created_at&limit=10&page=" + page));
            assertThat(body.get("pagination").toString()).isEqualTo("{\"total_count\":24,\"max_page\":3}");
            body.get("items").forEach(item -> seen.add(item.get("id").asText()));
        }
        List<String> live = polar.grants().live(customer).stream().map(UUID::toString).toList();
        assertThat(seen).containsExactlyElementsOf(live);
        assertThat(json(get("/benefit-grants/?page=4")).get("items")).isEmpty();
        assertThat(json(get("/benefit-grants/?limit=1000")).at("/pagination/max_page").asInt()).isEqualTo(1);
        assertThat(json(get("/benefit-grants/?limit=1")).at("/items/0/id").asText()).isEqualTo(live.getLast());
    }

    @Test
    void lists_areFiltered() {
        UUID other = polar.customers().create("org-2");
        UUID mine = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        UUID theirs = polar.checkouts().purchase(other, polar.catalogue().pro(), Map.of());
        polar.subscriptions().revoke(theirs);

        assertThat(ids("/subscriptions/?customer_id=" + customer)).containsExactly(mine.toString());
        assertThat(ids("/subscriptions/?external_customer_id=org-2")).containsExactly(theirs.toString());
        assertThat(ids("/subscriptions/?status=active&status=canceled")).hasSize(2);
        assertThat(ids("/benefit-grants/?is_granted=true&customer_id=" + other)).isEmpty();
        assertThat(ids("/benefit-grants/?is_granted=false&customer_id=" + other)).hasSize(2);
        assertThat(ids("/customers/?sorting=created_at")).containsExactly(customer.toString(), other.toString());
    }

    @Test
    void subscriptions_areFilteredByMetadata_asPlintoAsksForAnOrganization() {
        UUID mine = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of("organization_id", "org-1"));
        UUID other = polar.checkouts().purchase(customer, polar.catalogue().team(), Map.of("organization_id", "org-2"));
        polar.checkouts().purchase(customer, polar.catalogue().team(), Map.of());

        assertThat(ids("/subscriptions/?metadata%5Borganization_id%5D=org-1")).containsExactly(mine.toString());
        assertThat(ids("/subscriptions/?metadata[organization_id]=org-1&metadata[organization_id]=org-2"
                .replace("[", "%5B").replace("]", "%5D"))).containsExactlyInAnyOrder(mine.toString(), other.toString());
        assertThat(ids("/subscriptions/?metadata%5Borganization_id%5D=org-1&status=canceled")).isEmpty();
        assertThat(ids("/subscriptions/?metadata%5Bteam%5D=org-1")).isEmpty();
        assertThat(ids("/customers/?metadata%5Borganization_id%5D=org-1")).isEmpty();
    }

    @Test
    void subscriptions_areFilteredByEveryParameterOfPolars() {
        UUID live = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        UUID canceling = polar.checkouts().purchase(customer, polar.catalogue().team(), Map.of());
        polar.subscriptions().cancelAtPeriodEnd(canceling);
        UUID due = polar.checkouts().purchase(customer, polar.catalogue().team(), Map.of());
        polar.subscriptions().failToRenew(due);
        UUID over = polar.checkouts().purchase(customer, polar.catalogue().team(), Map.of());
        polar.subscriptions().revoke(over);

        assertThat(ids("/subscriptions/?active=true&sorting=started_at"))
                .containsExactly(live.toString(), canceling.toString());
        assertThat(ids("/subscriptions/?active=false")).containsExactly(over.toString());
        assertThat(ids("/subscriptions/?product_id=" + polar.catalogue().pro())).containsExactly(live.toString());
        assertThat(ids("/subscriptions/?cancel_at_period_end=true")).containsExactly(canceling.toString());
        assertThat(ids("/subscriptions/?customer_cancellation_reason=unused")).containsExactly(canceling.toString());
        assertThat(ids("/subscriptions/?canceled_at_after=2026-11-03T08:00:00Z&sorting=product&sorting=ended_at"))
                .containsExactly(over.toString(), canceling.toString());
        assertThat(ids("/subscriptions/?canceled_at_before=2026-11-03T08:00:00Z")).isEmpty();
        assertThat(ids("/subscriptions/?discount_id=" + UUID.randomUUID())).isEmpty();
        assertThat(ids("/subscriptions/?organization_id=" + UUID.randomUUID())).isEmpty();
        assertThat(ids("/subscriptions/?organization_id=" + polar.catalogue().merchant())).hasSize(4);
        assertThat(ids("/subscriptions/?status=unpaid&status=past_due")).containsExactly(due.toString());
    }

    @Test
    void customers_areFoundByPartsOfTheirNames_andByTheirSubscriptions() {
        UUID buyer = polar.customers().create("acme-1");
        polar.customers().rename(buyer, "Robin Renamed");
        polar.subscriptions().failToRenew(polar.checkouts().purchase(buyer, polar.catalogue().pro(), Map.of()));

        assertThat(ids("/customers/?query=renAM")).containsExactly(buyer.toString());
        assertThat(ids("/customers/?query=acme")).containsExactly(buyer.toString());
        assertThat(ids("/customers/?query=cme-1")).as("an external id is found by its beginning only").isEmpty();
        assertThat(ids("/customers/?query=sample")).as("by billing name").hasSize(2);
        assertThat(ids("/customers/?active=true")).containsExactly(buyer.toString());
        assertThat(ids("/customers/?active=false")).containsExactly(customer.toString());
    }

    @Test
    void subscription_equalsItsWebhookPayload() throws IOException {
        UUID pro = polar.catalogue().pro();
        UUID subscription = polar.checkouts().purchase(customer, pro, Map.of("organization_id", "org-1"));
        polar.subscriptions().cancelAtPeriodEnd(subscription);
        byte[] emitted = polar.takeEvents().stream()
                .filter(event -> event.type().equals("subscription.canceled")).findFirst().orElseThrow().body();

        assertThat(json(get("/subscriptions/" + subscription))).isEqualTo(JSON.readTree(emitted).get("data"));
        assertThat(json(get("/subscriptions/")).at("/items/0")).isEqualTo(JSON.readTree(emitted).get("data"));
    }

    @Test
    void deletedCustomer_isNotListed_butItsSubscriptionsAndGrantsAre() {
        UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(), Map.of());
        polar.customers().delete(customer);

        assertThat(get("/customers/" + customer).statusCode()).isEqualTo(404);
        assertThat(ids("/customers/")).isEmpty();
        assertThat(json(get("/subscriptions/" + subscription)).get("status").asText()).isEqualTo("canceled");
        assertThat(ids("/benefit-grants/?is_granted=false")).hasSize(2);
    }

    @Test
    void everyAnswer_hasSandboxVersionAndDateHeaders() {
        HttpResponse<String> answer = get("/customers/");

        assertThat(answer.headers().firstValue("x-polar-sandbox")).hasValue("1");
        assertThat(answer.headers().firstValue("polar-version")).hasValue("2026-10");
        assertThat(answer.headers().firstValue("date")).hasValue("Tue, 03 Nov 2026 08:00:00 GMT");
        assertThat(get("/customers/" + UUID.randomUUID()).headers().firstValue("x-polar-sandbox")).hasValue("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-01", "yesterday", ""})
    void unknownVersion_isNotFound(String version) {
        HttpResponse<String> answer = send(request("/customers/").header("polar-version", version));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"Not Found\"}");
    }

    @Test
    void retiredVersion_isNotFound() {
        assertThat(send(request("/customers/").header("polar-version", "2026-04")).statusCode()).isEqualTo(200);

        server.retire("2026-04");

        assertThat(send(request("/customers/").header("polar-version", "2026-04")).statusCode()).isEqualTo(404);
        assertThat(get("/customers/").statusCode()).isEqualTo(200);
    }

    @Test
    void wrongTrailingSlash_isRedirected() {
        HttpResponse<String> answer = get("/customers?limit=5");

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("location")).hasValue(server.apiUrl() + "/customers/?limit=5");
        assertThat(get("/webhooks/deliveries/").headers().firstValue("location"))
                .hasValue(server.apiUrl() + "/webhooks/deliveries");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer polar_oat_of_another", "polar_oat_sandbox"})
    void requestWithoutToken_isUnauthorized(String authorization) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(server.apiUrl() + "/customers/"))
                .header("authorization", authorization));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).get("error").asText()).isEqualTo("invalid_token");
    }

    @ParameterizedTest
    @CsvSource({
            "/customers/?limit=0, query, limit, greater_than",
            "/customers/?page=x, query, page, int_parsing",
            "/subscriptions/?sorting=created_at, query, sorting, enum",
            "/benefit-grants/?customer_id=x, query, customer_id, uuid_parsing",
            "/benefit-grants/?is_granted=maybe, query, is_granted, bool_parsing",
            "/webhooks/deliveries?http_code_class=200, query, http_code_class, literal_error",
            "/customers/x, path, id, uuid_parsing",
            "/subscriptions/?status=nope, query, status, enum",
            "/subscriptions/?customer_cancellation_reason=nope, query, customer_cancellation_reason, enum",
            "/webhooks/deliveries?event_type=nope, query, event_type, enum",
            "/subscriptions/?plan=pro, query, plan, extra_forbidden",
            "/subscriptions/?metadata=pro, query, metadata, extra_forbidden",
            "/benefit-grants/?metadata%5Ba%5D=b, query, metadata[a], extra_forbidden",
            "/benefit-grants/?subscription_id=1, query, subscription_id, extra_forbidden",
            "/customers/00000000-0000-4000-8000-000000000000?expand=all, query, expand, extra_forbidden"
    })
    void invalidParameter_isNamed(String path, String where, String field, String rule) {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode detail = json(answer).at("/detail/0");
        assertThat(detail.get("type").asText()).isEqualTo(rule);
        assertThat(detail.get("loc").toString()).isEqualTo("[\"" + where + "\",\"" + field + "\"]");
    }

    @Test
    void unknownResource_isNotFound() {
        HttpResponse<String> single = get("/subscriptions/" + UUID.randomUUID());

        assertThat(single.statusCode()).isEqualTo(404);
        assertThat(json(single).get("error").asText()).isEqualTo("ResourceNotFound");
        assertThat(get("/wallets/").statusCode()).isEqualTo(404);
        assertThat(redeliver(UUID.randomUUID()).statusCode()).isEqualTo(404);
        assertThat(send("POST", "/webhooks/deliveries", "").statusCode()).isEqualTo(405);
        assertThat(send("PUT", "/customers/", "").statusCode()).isEqualTo(405);
        assertThat(get("/webhooks/nothing").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
            "POST, /orders/", "GET, /disputes", "GET, /subscriptions/export", "POST, /checkout-links/",
            "GET, /customer-portal/orders/"
    })
    void operationThatIsNotServed_saysSo_andWhatIsServed(String method, String path) {
        HttpResponse<String> answer = send(method, path, "");

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(json(answer).get("error").asText()).isEqualTo("NotSimulated");
        assertThat(json(answer).get("detail").asText()).startsWith("The simulated Polar does not serve " + method
                + " /v1" + path + ". It serves GET /v1/subscriptions/, GET /v1/subscriptions/{id}, ");
    }

    @Test
    void everyOperationThatIsSaidToBeServed_isServed() {
        String served = json(get("/disputes/")).get("detail").asText().replaceFirst(".* It serves (.*)[.]", "$1");

        assertThat(served.split(", ")).hasSizeGreaterThan(12).allSatisfy(operation -> {
            String[] words = operation.replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString()).split(" /v1");
            HttpResponse<String> answer = send(words[0], words[1], "{}");
            assertThat(answer.statusCode()).as(operation).isIn(200, 400, 404, 422);
            if (answer.statusCode() == 404) {
                assertThat(json(answer).get("error").asText()).isEqualTo("ResourceNotFound");
            }
        });
    }
}
