package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.encoded;
import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

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
class ListUnlinkedCustomersTest extends AsOperator {

    private final String id = UUID.randomUUID().toString();

    @AfterEach
    void forget() {
        database.execute("DELETE FROM grants WHERE id LIKE ?", "%" + id);
        database.execute("DELETE FROM subscriptions WHERE id LIKE ?", "%" + id);
    }

    @Test
    void payingCustomersWithoutAnOrganization_areListedByPages_asTheyAreCounted() {
        grant("customer:a-" + id, 3);
        subscription("s", "customer:a-" + id, "active", null);
        subscription("p", "customer:b-" + id, "past_due", null);
        subscription("e", "customer:c-" + id, "canceled", "now()");
        subscription("i", "customer:d-" + id, "incomplete", null);
        grant("org-" + id, 1);

        List<JsonNode> listed = new ArrayList<>();
        int pages = 0;
        for (String after = ""; after != null; pages++) {
            JsonNode page = json(operator.get("unlinked?limit=1"
                    + (after.isEmpty() ? "" : "&after=" + encoded(after))));
            page.get("items").forEach(listed::add);
            after = page.get("next").textValue();
        }

        assertThat(listed).hasSize(pages);
        assertThat(json(operator.get("overview")).get("unlinked_accounts").intValue()).isEqualTo(pages);
        listed.removeIf(customer -> !customer.get("account").textValue().endsWith(id));
        assertThat(listed).extracting(customer -> customer.get("customer_id").textValue())
                .containsExactly("a-" + id, "b-" + id);
        assertThat(listed.getFirst().get("grant_count").intValue()).isEqualTo(3);
        assertThat(listed.getFirst().get("oldest_grant_at").textValue()).isEqualTo("2026-10-02T00:00:00.000000Z");
        assertThat(listed.getFirst().get("subscriptions")).hasToString(
                "[{\"subscription_id\":\"s-%s\",\"status\":\"active\",\"product_name\":\"Pro\"}]".formatted(id));
        assertThat(listed.getLast().get("grant_count").intValue()).isZero();
        assertThat(listed.getLast().get("oldest_grant_at").isNull()).isTrue();
    }

    @Test
    void console_listsThem_withWhatToSet_andTheOverviewLeadsThere() {
        grant("customer:a-" + id, 1);
        subscription("s", "customer:a-" + id, "active", null);

        assertThat(visitor.get("/ops").body()).containsPattern("<a href=\"/ops/unlinked\">[1-9]\\d*</a>");
        assertThat(visitor.get("/ops/unlinked").body()).contains(
                "<a href=\"/ops/accounts?account=customer%3Aa-" + id + "\">a-" + id + "</a>", "Pro, active",
                "<span class=\"id\">external_id</span>", "<span class=\"id\">metadata.organization_id</span>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?after=org-1", "?after=customer:%00", "?limit=501"})
    void wrongParameters_areRefused(String query) {
        assertProblem(operator.get("unlinked" + query), 400, "parameter-invalid");
    }

    private void grant(String account, int number) {
        database.execute("INSERT INTO grants (id, account, granted_at) SELECT n || ? || ?, ?, "
                + "timestamptz '2026-10-01T00:00:00Z' + n * interval '1 day' FROM generate_series(1, ?) AS n",
                account, id, account, number);
    }

    private void subscription(String name, String account, String status, String ended) {
        database.execute("INSERT INTO subscriptions (id, account, status, product_name, ended_at) "
                + "VALUES (?, ?, ?, 'Pro', " + ended + ")", name + "-" + id, account, status);
    }
}
