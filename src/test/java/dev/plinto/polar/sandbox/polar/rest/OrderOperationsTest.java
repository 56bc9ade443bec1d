package dev.plinto.polar.sandbox.polar.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.polar.BusinessFault;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Orders, their invoices and receipts over HTTP.
class OrderOperationsTest extends PolarApiClient {

    private final UUID subscription = polar.checkouts().purchase(customer, polar.catalogue().pro(),
            Map.of("organization_id", "org-1"));
    private final UUID order = polar.orders().of(customer).getFirst();

    @Test
    void order_isWhatItsWebhookSays() throws IOException {
        byte[] told = polar.takeEvents().stream()
                .filter(event -> event.type().equals("order.updated")).toList().getLast().body();

        assertThat(json(get("/orders/" + order))).isEqualTo(JSON.readTree(told).get("data"));
        assertThat(json(get("/orders/")).at("/items/0")).isEqualTo(JSON.readTree(told).get("data"));
    }

    @Test
    void orders_areFiltered() {
        UUID once = polar.checkouts().purchase(customer, polar.catalogue().onboarding(), Map.of());
        polar.subscriptions().failToRenew(subscription);
        UUID pending = polar.orders().of(customer).getLast();
        String checkout = json(get("/orders/" + once)).get("checkout_id").asText();

        assertThat(ids("/orders/")).containsExactly(pending.toString(), once.toString(), order.toString());
        assertThat(ids("/orders/?status=pending")).containsExactly(pending.toString());
        assertThat(ids("/orders/?product_billing_type=one_time")).containsExactly(once.toString());
        assertThat(ids("/orders/?product_billing_type=recurring&product_billing_type=one_time")).hasSize(3);
        assertThat(ids("/orders/?product_id=" + polar.catalogue().onboarding())).containsExactly(once.toString());
        assertThat(ids("/orders/?subscription_id=" + subscription)).hasSize(2);
        assertThat(ids("/orders/?checkout_id=" + checkout)).containsExactly(once.toString());
        assertThat(ids("/orders/?customer_id=" + customer + "&external_customer_id=org-1")).hasSize(3);
        assertThat(ids("/orders/?discount_id=" + UUID.randomUUID())).isEmpty();
        assertThat(ids("/orders/?metadata%5Borganization_id%5D=org-1")).hasSize(2);
        assertThat(ids("/orders/?created_after=2026-11-03T08:00:00Z")).hasSize(3);
        assertThat(ids("/orders/?created_before=2026-11-03T08:00:00Z")).isEmpty();
        assertThat(ids("/orders/?sorting=-amount&limit=1")).containsExactly(once.toString());
        assertThat(get("/orders/?status=nope").statusCode()).isEqualTo(422);
        assertThat(get("/orders/?paid=true").statusCode()).isEqualTo(422);
    }

    @Test
    void invoice_isAddressedAnew_andWrittenAgain() {
        polar.takeEvents();

        HttpResponse<String> changed = patch(
                "{\"billing_name\":\"Acme S.L.\",\"billing_address\":{\"country\":\"ES\",\"city\":\"Girona\"}}");

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(json(changed).get("billing_name").asText()).isEqualTo("Acme S.L.");
        assertThat(json(changed).at("/billing_address/city").asText()).isEqualTo("Girona");
        assertThat(json(changed).at("/billing_address/postal_code").isNull()).isTrue();
        assertThat(emitted()).containsExactly("order.updated");
        assertThat(json(patch("{\"billing_name\":\"Acme S.A.\"}")).at("/billing_address/city").asText())
                .isEqualTo("Girona");
        polar.takeEvents();

        HttpResponse<String> generated = generate(order);
        assertThat(generated.statusCode()).isEqualTo(202);
        assertThat(json(generated).isNull()).isTrue();
        assertThat(emitted()).containsExactly("order.updated");
    }

    @Test
    void invoiceOfAnUnpaidOrder_isWrittenOnDemand() {
        polar.subscriptions().failToRenew(subscription);
        UUID pending = polar.orders().of(customer).getLast();
        polar.takeEvents();

        assertThat(get("/orders/" + pending + "/invoice").statusCode()).isEqualTo(404);
        assertThat(generate(pending).statusCode()).isEqualTo(202);

        JsonNode told = lastData("order.updated");
        assertThat(told.get("is_invoice_generated").asBoolean()).isTrue();
        assertThat(json(get("/orders/" + pending + "/invoice")).get("url").asText())
                .isEqualTo("https://sandbox.polar.sh/invoices/" + pending);
        polar.servePagesAt("http://127.0.0.1:1/sandbox/polar");
        assertThat(json(get("/orders/" + pending + "/invoice")).get("url").asText())
                .isEqualTo("http://127.0.0.1:1/sandbox/polar/invoices/" + pending);
    }

    @Test
    void invoiceToNobody_isRefused() {
        patch("{\"billing_name\":null}");
        polar.takeEvents();

        assertRefused(generate(order), 422, "MissingInvoiceBillingDetails");
        assertThat(generate(UUID.randomUUID()).statusCode()).isEqualTo(404);
    }

    @Test
    void receipt_isThereOnceAnOrderIsPaid() {
        polar.subscriptions().failToRenew(subscription);
        UUID pending = polar.orders().of(customer).getLast();

        assertThat(json(get("/orders/" + order + "/receipt")).get("url").asText()).endsWith("/receipts/" + order);
        assertThat(get("/orders/" + pending + "/receipt").statusCode()).isEqualTo(404);

        polar.faults().next(BusinessFault.RECEIPT_IN_PROGRESS, order.toString(), 1);
        HttpResponse<String> notYet = get("/orders/" + order + "/receipt");
        assertThat(notYet.statusCode()).isEqualTo(202);
        assertThat(notYet.body()).isEmpty();
        assertThat(get("/orders/" + order + "/receipt").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{\"billing_name\":7} | [\"body\",\"billing_name\"] | string_type",
            "{\"billing_address\":{}} | [\"body\",\"billing_address\",\"country\"] | missing",
            "{\"billing_address\":{\"country\":\"XX\"}} | [\"body\",\"billing_address\",\"country\"] | enum",
            "{\"billing_address\":{\"country\":\"FR\"}} | [\"body\",\"billing_address\",\"country\"] | value_error",
            "{\"billing_address\":{\"country\":\"ES\",\"state\":\"B\"}} | [\"body\",\"billing_address\",\"state\"] | "
                    + "value_error"
    })
    void invalidChange_isNamed_andChangesNothing(String body, String loc, String rule) {
        polar.takeEvents();

        HttpResponse<String> answer = patch(body);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/detail/0/loc").toString()).isEqualTo(loc);
        assertThat(json(answer).at("/detail/0/type").asText()).isEqualTo(rule);
        assertThat(polar.takeEvents()).isEmpty();
    }

    private HttpResponse<String> patch(String body) {
        return send("PATCH", "/orders/" + order, body);
    }

    private HttpResponse<String> generate(UUID id) {
        return send("POST", "/orders/" + id + "/invoice", "");
    }
}
