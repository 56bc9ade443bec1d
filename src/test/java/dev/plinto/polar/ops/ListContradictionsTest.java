package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Polar said does not fit together: each kind is listed, from an hour after it began until it is resolved.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ListContradictionsTest extends AsOperator {

    private final String id = UUID.randomUUID().toString();
    private final Instant now = Instant.now();
    private final Instant yesterday = now.minus(Duration.ofDays(1));
    private final Instant justNow = now.minus(Duration.ofMinutes(30));

    @Test
    void liveGrantOfADeletedCustomer_isListed_untilItIsRevoked() {
        project(customer("org-" + id, yesterday), grant("g", null, true, yesterday));

        JsonNode listed = listed("deleted_customer");
        assertThat(listed.get("since").textValue()).startsWith(yesterday.toString().substring(0, 19));
        assertThat(listed.at("/accounts/0").textValue()).isEqualTo("org-" + id);
        assertThat(listed.at("/grants/0").textValue()).isEqualTo("g-" + id);
        assertThat(listed.get("grant_count").intValue()).isOne();
        assertThat(listed.get("subscription_id").isNull()).isTrue();

        project(grant("g", null, false, now));
        assertThat(all("deleted_customer")).isEmpty();
    }

    @Test
    void endedSubscriptionWithALiveGrant_isListed_untilItIsRevoked() {
        project(subscription(null, yesterday), grant("g", "s-" + id, true, yesterday));

        assertThat(listed("ended_subscription").get("subscription_id").textValue()).isEqualTo("s-" + id);

        project(grant("g", "s-" + id, false, now));
        assertThat(all("ended_subscription")).isEmpty();
    }

    @Test
    void customerWithAnOrganizationInPart_isListed_untilLinked() {
        project(subscription("org-" + id, null), grant("g", "s-" + id, true, yesterday),
                grant("h", null, true, yesterday));

        assertThat(listed("two_accounts").get("accounts")).extracting(JsonNode::textValue)
                .containsExactlyInAnyOrder("org-" + id, "customer:c-" + id);

        project(customer("org-" + id, null));
        assertThat(all("two_accounts")).isEmpty();
    }

    /// As no release writes it: the account that a grant left was not told.
    @Test
    void setThatStillHasAGrantOfAnotherAccount_isListed() {
        project(customer("org-" + id, null), grant("g", null, true, justNow));
        database.execute("""
                INSERT INTO accounts (account, version, published) VALUES (?, 1, json_build_object('entitlements',
                  json_build_array(json_build_object('grants', json_build_array(json_build_object('grant_id', ?))))))
                """, "customer:c-" + id, "g-" + id);

        assertThat(listed("two_accounts").get("customer_id").textValue()).isEqualTo("c-" + id);
        database.execute("DELETE FROM accounts WHERE account = ?", "customer:c-" + id);
    }

    /// Polar revokes grants a moment after it ends a subscription or deletes a customer.
    @Test
    void whatIsMomentsOld_isNoContradiction() {
        project(customer(null, justNow), subscription("org-" + id, justNow),
                grant("g", "s-" + id, true, justNow), grant("h", null, true, justNow));

        assertThat(all(null)).isEmpty();
    }

    @Test
    void pages_haveEachOnce() {
        project(customer(null, yesterday), subscription("org-" + id, yesterday),
                grant("g", "s-" + id, true, yesterday), grant("h", null, true, yesterday));

        assertThat(all(null)).extracting(item -> item.get("kind").textValue())
                .containsExactly("deleted_customer", "ended_subscription", "two_accounts");
    }

    @Test
    void console_listsThem_andTheOverviewLeadsThere() {
        project(subscription(null, yesterday), grant("g", "s-" + id, true, yesterday));

        await().atMost(PATIENCE).until(() -> visitor.get("/ops").body(), page -> page
                .matches("(?s).*<a href=\"/ops/contradictions\\?kind=ended_subscription\">[1-9]\\d*</a>.*"));
        assertThat(visitor.get("/q/metrics").body())
                .containsPattern("polar_contradictions\\{kind=\"ended_subscription\",?\\} [1-9]");
        assertThat(visitor.get("/ops").body()).contains("in what Polar said about who has access");
        assertThat(visitor.get("/ops/contradictions").body()).contains("s-" + id, "run <a href=\"/ops/reconciliation",
                "the second run ends it");
        assertThat(visitor.get("/ops/reconciliation").body()).contains("the second run in a row");
        assertThat(visitor.get("/ops/reconciliation/run").body()).contains("the run before did not find either");
        assertThat(visitor.get("/ops/contradictions?kind=two_accounts").body()).doesNotContain("s-" + id);
        assertThat(visitor.get("/ops/contradictions?kind=none").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?kind=", "?kind=none", "?after=none", "?after=bm9uZSB4", "?limit=0"})
    void wrongParameters_areRefused(String query) {
        assertProblem(operator.get("contradictions" + query), 400, "parameter-invalid");
    }

    /// Of this test, page by page.
    private List<JsonNode> all(String kind) {
        List<JsonNode> all = new ArrayList<>();
        String after = "";
        while (after != null) {
            JsonNode page = json(operator.get("contradictions?limit=1" + (kind == null ? "" : "&kind=" + kind)
                    + (after.isEmpty() ? "" : "&after=" + after)));
            page.get("items").forEach(all::add);
            after = page.get("next").textValue();
        }
        return all.stream().filter(item -> item.get("customer_id").textValue().equals("c-" + id)).toList();
    }

    private JsonNode listed(String kind) {
        List<JsonNode> listed = all(kind);
        assertThat(listed).hasSize(1);
        assertThat(all(null)).isEqualTo(listed);
        return listed.getFirst();
    }

    private void project(String... events) {
        try (RawTopicWriter rawTopic = RawTopicWriter.toSandbox()) {
            for (String event : events) {
                String webhookId = UUID.randomUUID().toString();
                rawTopic.write(List.of(RawTopicWriter.record(webhookId, event.getBytes(StandardCharsets.UTF_8))));
                BooleanSupplier isApplied = () -> database.number(
                        "SELECT count(*) FROM inbox WHERE webhook_id = ? AND outcome = 'applied'", webhookId) == 1;
                await().atMost(PATIENCE).until(isApplied::getAsBoolean);
            }
        }
    }

    private String customer(String organization, Instant deletedAt) {
        return """
                {"type":"customer.updated","timestamp":"%1$s","data":{"id":"c-%2$s","external_id":%3$s,
                 "deleted_at":%4$s,"created_at":"2026-10-01T00:00:00Z","modified_at":"%1$s"}}
                """.formatted(yesterday, id, quoted(organization), quoted(deletedAt));
    }

    private String subscription(String organization, Instant endedAt) {
        return """
                {"type":"subscription.updated","timestamp":"%s","data":{"id":"s-%s","customer_id":"c-%s",
                 "status":"%s","ended_at":%s,"metadata":{%s}}}
                """.formatted(yesterday, id, id, endedAt == null ? "active" : "canceled", quoted(endedAt),
                organization == null ? "" : "\"organization_id\":\"" + organization + "\"");
    }

    private String grant(String name, String subscription, boolean isGranted, Instant at) {
        return """
                {"type":"benefit_grant.updated","timestamp":"%1$s","data":{"id":"%2$s-%3$s","customer_id":"c-%3$s",
                 "subscription_id":%4$s,"benefit_id":"b-%2$s","is_granted":%5$s,
                 "customer":{"id":"c-%3$s","created_at":"2026-10-01T00:00:00Z"}}}
                """.formatted(at, name, id, quoted(subscription), isGranted);
    }

    private static String quoted(Object value) {
        return value == null ? "null" : '"' + value.toString() + '"';
    }
}
