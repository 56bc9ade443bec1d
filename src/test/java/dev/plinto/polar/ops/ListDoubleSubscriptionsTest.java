package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ListDoubleSubscriptionsTest extends AsOperator {

    private final String id = UUID.randomUUID().toString();

    @AfterEach
    void forget() {
        List.of("orders", "subscriptions", "products").forEach(
                table -> database.execute("DELETE FROM " + table + " WHERE id LIKE ?", "%" + id));
    }

    @Test
    void organizationsThatPayTwice_areListedByPages_asTheyAreCounted() {
        product("seats", "{\"group\":\"add-on\"}");
        String twice = "a-" + id;
        subscription("1", twice, "plan", "active");
        subscription("2", twice, "plan", "past_due");
        subscription("3", twice, "plan", "paused");
        subscription("4", twice, "seats", "active");
        subscription("5", twice, "seats", "trialing");
        String once = "b-" + id;
        subscription("6", once, "plan", "active");
        subscription("7", once, "seats", "active");
        subscription("8", once, "plan", "incomplete");
        subscription("9", once, "plan", "canceled");
        String unlinked = "customer:c-" + id;
        subscription("10", unlinked, "plan", "active");
        subscription("11", unlinked, "plan", "active");

        List<JsonNode> listed = new ArrayList<>();
        long beside = 0;
        for (String after = ""; after != null;) {
            JsonNode page = json(operator.get("double-subscriptions?limit=1"
                    + (after.isEmpty() ? "" : "&after=" + encoded(after))));
            assertThat(page.get("items").size()).isLessThanOrEqualTo(1);
            page.get("items").forEach(listed::add);
            after = page.get("next").textValue();
        }
        for (JsonNode organization : listed) {
            beside += organization.get("subscriptions").size() - 1;
        }

        assertThat(json(operator.get("overview")).get("double_subscriptions").longValue()).isEqualTo(beside);
        listed.removeIf(organization -> !organization.get("organization_id").textValue().endsWith(id));
        assertThat(listed).extracting(organization -> organization.get("organization_id").textValue(),
                organization -> organization.get("group").textValue(), ListDoubleSubscriptionsTest::ids)
                .containsExactly(
                        tuple(twice, "", List.of("1-" + id, "2-" + id, "3-" + id)),
                        tuple(twice, "add-on", List.of("4-" + id, "5-" + id)));
    }

    @Test
    void eachSubscription_isTold_inTheOrderOfPurchase_withWhatToRefund() {
        String organization = "a-" + id;
        subscription("1", organization, "plan", "active");
        subscription("2", organization, "plan", "active");
        order("late", "1", "2026-11-02T00:00:00Z", "paid", 1900, 0);
        order("first", "2", "2026-10-01T00:00:00Z", "paid", 1900, 0);
        order("renewal", "2", "2026-11-01T00:00:00Z", "partially_refunded", 1900, 500);
        order("pending", "2", "2026-11-03T00:00:00Z", "pending", 1900, 0);

        JsonNode found = json(operator.get("double-subscriptions?limit=500")).get("items").valueStream()
                .filter(one -> one.get("organization_id").textValue().equals(organization)).findFirst().orElseThrow();

        assertThat(ids(found)).containsExactly("2-" + id, "1-" + id);
        JsonNode older = found.get("subscriptions").get(0);
        assertThat(older.get("since").textValue()).isEqualTo("2026-10-01T00:00:00.000000Z");
        assertThat(older.get("amount").longValue()).isEqualTo(1900);
        assertThat(older.get("order").get("order_id").textValue()).isEqualTo("renewal-" + id);
        assertThat(older.get("order").get("refunded_amount").longValue()).isEqualTo(500);
        assertThat(found.get("next_step").textValue()).contains("keep 2-" + id + ", ",
                "cancel at Polar, at once: 1-" + id + ".", "see order late-" + id + ".");
    }

    @Test
    void console_listsThem_withTheNextStep_andTheOverviewLeadsThere() {
        subscription("1", "a-" + id, "plan", "active");
        subscription("2", "a-" + id, "plan", "active");
        order("first", "1", "2026-10-01T00:00:00Z", "paid", 1900, 0);

        assertThat(visitor.get("/ops").body()).containsPattern("<a href=\"/ops/double-subscriptions\">[1-9]\\d*</a>")
                .contains("somebody pays twice");
        assertThat(visitor.get("/ops/double-subscriptions").body()).contains("1-" + id, "2-" + id,
                "19.00 EUR per month",
                "href=\"/ops/accounts?account=a-" + id + "\"", "<strong>Next step:</strong>",
                "cancel at Polar, at once: 2-" + id, "not charged yet", "nothing to refund");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?after=org-1", "?after=%00.", "?after=AA.", "?after=..", "?limit=501"})
    void wrongParameters_areRefused(String query) {
        assertProblem(operator.get("double-subscriptions" + query), 400, "parameter-invalid");
    }

    private static List<String> ids(JsonNode organization) {
        return organization.get("subscriptions").valueStream()
                .map(subscription -> subscription.get("subscription_id").textValue()).toList();
    }

    private void product(String name, String metadata) {
        database.execute("INSERT INTO products (id, metadata) VALUES (?, ?::json)", name + "-" + id, metadata);
    }

    private void subscription(String name, String account, String product, String status) {
        database.execute("""
                INSERT INTO subscriptions (id, customer_id, account, status, product_id, product_name, amount, currency,
                                           recurring_interval, ended_at)
                VALUES (?, ?, ?, ?, ?, 'Pro', 1900, 'eur', 'month', CASE WHEN ? = 'canceled' THEN now() END)
                """, name + "-" + id, "c-" + id, account, status, product + "-" + id, status);
    }

    private void order(String name, String subscription, String created, String status, long total, long refunded) {
        database.execute("""
                INSERT INTO orders (id, customer_id, subscription_id, created_at, status, total_amount, refunded_amount,
                                    currency)
                VALUES (?, ?, ?, ?::timestamptz, ?, ?, ?, 'eur')
                """, name + "-" + id, "c-" + id, subscription + "-" + id, created, status, total, refunded);
    }
}
