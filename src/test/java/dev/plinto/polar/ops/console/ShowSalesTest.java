package dev.plinto.polar.ops.console;

import static dev.plinto.polar.testing.Operator.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the account page shows of what was bought.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ShowSalesTest extends AsOperator {

    private final String id = UUID.randomUUID().toString();
    private final String organization = "org-" + id;

    @AfterEach
    void forget() {
        List.of("checkouts", "orders", "subscriptions", "seats", "members", "grants", "products", "benefits",
                "customers").forEach(table -> database.execute("DELETE FROM " + table + " WHERE id LIKE ?", "%" + id));
    }

    @Test
    void checkouts_areShown_withWhyTheyUnlockedNothing() {
        product();
        checkout("open", organization, null, "open");
        checkout("paid", organization, null, "succeeded");
        subscription("paid", "active");
        checkout("of-customer", null, "cus-" + id, "failed");
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", "cus-" + id, organization);
        checkout("elsewhere", "other-" + id, "cus-" + id, "failed");

        String page = visitor.get("/ops/accounts?account=" + organization).body();

        assertThat(page).contains("open-" + id, "Not paid yet", "paid-" + id, "of-customer-" + id,
                "The payment failed", "request-" + id, "none of ours").doesNotContain("elsewhere-" + id);
        assertThat(page).contains("Polar has not granted yet, or has revoked: Exports.");

        database.execute("INSERT INTO grants (id, subscription_id, benefit_id, account) VALUES (?, ?, ?, ?)",
                "g-" + id, "sub-paid-" + id, "ben-" + id, organization);
        assertThat(visitor.get("/ops/accounts?account=" + organization).body()).contains(">Activated.<")
                .doesNotContain("has not granted yet");
    }

    @Test
    void ordersAndSeats_areShown_withoutAddresses() {
        checkout("open", organization, null, "open");
        subscription("seats", "active");
        database.execute("INSERT INTO orders (id, organization_id, status, billing_reason, total_amount, "
                + "refunded_amount, currency, product_name, created_at) VALUES (?, ?, 'paid', 'purchase', 1900, 500, "
                + "'eur', 'Pro', now())", "ord-" + id, organization);
        database.execute("INSERT INTO members (id, external_id, email, name) VALUES (?, ?, 'seat@plinto.dev', 'Ann')",
                "mem-" + id, "usr-" + id);
        database.execute("INSERT INTO seats (id, subscription_id, status, member_id, email) "
                + "VALUES (?, ?, 'claimed', ?, 'seat@plinto.dev')", "seat-" + id, "sub-seats-" + id, "mem-" + id);

        String page = visitor.get("/ops/accounts?account=" + organization).body();

        assertThat(page).contains("ord-" + id, "19.00 EUR", "5.00 EUR", "seat-" + id, "usr-" + id)
                .doesNotContain("seat@plinto.dev", "Ann<");
        JsonNode sales = json(operator.get("accounts/" + organization)).get("sales");
        assertThat(sales.at("/orders/0/total_amount").longValue()).isEqualTo(1900);
        assertThat(sales.at("/seats/0/user_id").textValue()).isEqualTo("usr-" + id);
        assertThat(sales.toString()).doesNotContain("seat@plinto.dev");
    }

    @Test
    void callsOfPolar_areShown_withTheirResult_andWhatOperatorsDidIsNot() {
        checkout("open", organization, null, "open");
        database.execute("""
                INSERT INTO audit_log (actor_kind, actor, way, request_id, organization, action, target)
                VALUES ('service', 'shop', 'api', 'req-1', ?, 'create_checkout', 'product pro'),
                       ('operator', 'ann', 'console', 'req-2', ?, 'replay_parked', 'evt')
                """, organization, organization);

        assertThat(visitor.get("/ops/accounts?account=" + organization).body())
                .contains("create_checkout", "product pro", "under way", "req-1").doesNotContain("replay_parked");
    }

    private void product() {
        database.execute("INSERT INTO products (id, name, benefit_ids) VALUES (?, 'Pro', ?::jsonb)", "pro-" + id,
                "[\"ben-" + id + "\"]");
        database.execute("INSERT INTO benefits (id, description) VALUES (?, 'Exports')", "ben-" + id);
    }

    private void checkout(String name, String organizationId, String customer, String status) {
        database.execute("INSERT INTO checkouts (id, organization_id, customer_id, product_id, status, created_at, "
                + "request_id) VALUES (?, ?, ?, ?, ?, now(), ?)", name + "-" + id, organizationId, customer,
                "pro-" + id, status, customer == null ? "request-" + id : null);
    }

    private void subscription(String checkout, String status) {
        database.execute("INSERT INTO subscriptions (id, account, product_id, status, checkout_id) "
                + "VALUES (?, ?, ?, ?, ?)", "sub-" + checkout + "-" + id, organization, "pro-" + id, status,
                checkout + "-" + id);
    }
}
