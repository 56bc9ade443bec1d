package dev.plinto.polar.billing;

import static dev.plinto.polar.billing.SellingClient.json;
import static dev.plinto.polar.billing.SellingClient.with;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Invoices, at the simulated Polar over real HTTP, broker and database.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(SellingStack.class)
class ReadInvoiceTest {

    private static final String READ = "GET /api/v1/polar/orders/{order_id}/invoice";

    @TestHTTPResource("/")
    URI service;

    private SellingClient selling;
    private String subscription;

    @BeforeEach
    void buy() {
        selling = new SellingClient(service);
        subscription = selling.subscription("purchase");
    }

    @AfterEach
    void mend() {
        selling.endFaults();
    }

    @AfterAll
    static void everyAnswerCame() {
        SellingClient.assertEveryAnswerCame(READ);
    }

    @Test
    void invoiceOfAPaidOrder_isThere() {
        HttpResponse<String> answer = read(order("paid"), selling.owner());

        assertThat(json(answer, 200).path("invoice_url").asText()).startsWith("http");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(read(order("paid"), selling.service("billing:read")).body()).isEqualTo(answer.body());
    }

    @Test
    void invoiceThatIsNotThereYet_isAskedFor() {
        String order = unpaid();

        json(read(order, selling.owner()), 200);

        assertThat(selling.trail()).contains("generate_invoice", "order " + order);
    }

    @Test
    void invoiceThatIsBeingWritten_isPending() {
        String order = unpaid();
        selling.fault("business", "invoice-in-progress", order);

        HttpResponse<String> pending = read(order, selling.owner());

        assertThat(json(pending, 202).path("status").asText()).isEqualTo("invoice-pending");
        assertThat(pending.headers().firstValue("retry-after")).hasValue("2");
        json(read(order, selling.owner()), 200);
    }

    @Test
    void invoiceThatCannotBeWritten_saysWhy() {
        String order = unpaid();
        selling.polar("PATCH", "/orders/" + order, "{\"billing_name\":null,\"billing_address\":null}");
        assertProblem(read(order, selling.owner()), 422, "billing-details-missing");

        selling.polar("PATCH", "/subscriptions/" + subscription, "{\"revoke\":true}");
        assertProblem(read(order, selling.owner()), 422, "no-invoice");
    }

    @Test
    void others_areRefused() {
        String order = order("paid");
        assertProblem(read(order, selling.stranger()), 404, "order-unknown");
        assertProblem(read("none", selling.owner()), 404, "order-unknown");
        assertProblem(read("%00", selling.owner()), 404, "order-unknown");
        assertProblem(read(order, selling.member()), 403, "role-not-allowed");
        assertProblem(read(order, selling.service("billing:write")), 403, "role-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-uuid-", ""})
    void orderThatPolarDoesNotHave_isUnknown(String prefix) {
        String order = prefix + UUID.randomUUID();
        selling.database.execute("INSERT INTO orders (id, organization_id, created_at) VALUES (?, ?, now())", order,
                selling.organization);

        assertProblem(read(order, selling.owner()), 404, "order-unknown");
    }

    /// An order is the organization's that its own metadata names, also where its customer is another's.
    @Test
    void order_isOfWhoBoughtIt() {
        String order = order("paid");
        selling.database.execute("UPDATE orders SET organization_id = ? WHERE id = ?", "bought-" + selling.organization,
                order);

        assertProblem(read(order, selling.owner()), 404, "order-unknown");
        json(read(order, selling.bearer("org_id", "bought-" + selling.organization, "org_role", "admin")), 200);
        selling.database.execute("UPDATE orders SET organization_id = NULL WHERE id = ?", order);
        json(read(order, selling.owner()), 200);
    }

    @Test
    void callThatIsNotMadeAsDocumented_isRefused() {
        List<String> order = List.of(order("paid"));
        assertProblem(selling.call(READ, order, "", ""), 401, "token-not-accepted");
        assertProblem(selling.call(READ, order, "?x=1", "", with(selling.owner())), 400, "parameter-invalid");
        assertProblem(selling.call(READ, order, "", "", with(selling.owner(), "accept", "image/png")), 406,
                "http-406");
    }

    @Test
    void failuresOfPolar_areTold() {
        String order = order("paid");
        selling.fault("too-many-requests", "/orders/" + order + "&seconds=1");
        assertProblem(read(order, selling.owner()), 429, "too-many-requests");
        selling.fault("unauthorized", "/orders/" + order);
        assertProblem(read(order, selling.owner()), 503, "provider-not-configured");
        selling.fault("cut-in-the-middle", "/orders/" + order + "&times=9");
        assertProblem(read(order, selling.owner()), 503, "provider-unavailable");
    }

    private String unpaid() {
        selling.trigger("payment-failed", selling.organization);
        return order("pending");
    }

    /// The organization's newest order of this status, once it is known.
    private String order(String status) {
        return await().atMost(SellingClient.PATIENCE).until(() -> json(selling.send("GET",
                "/api/v1/polar/orders?organization_id=" + selling.organization, "", with(selling.owner())), 200)
                .path("items").valueStream().filter(order -> order.path("status").asText().equals(status))
                .map((JsonNode order) -> order.path("order_id").asText()).findFirst().orElse(""), id -> !id.isEmpty());
    }

    private HttpResponse<String> read(String order, String authorization) {
        return selling.call(READ, List.of(order), "", "", with(authorization));
    }
}
