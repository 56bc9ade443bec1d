package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.RawTopicWriter;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Grants that concern more than one customer. Each event is projected before the next one is written, so that each
/// batch loads from the database what the earlier ones stored.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class GrantsOfSeveralCustomersTest {

    private static Database database;
    private static RawTopicWriter rawTopic;

    private final String one = "one-" + UUID.randomUUID();
    private final String other = "other-" + UUID.randomUUID();
    private final String grant = UUID.randomUUID().toString();

    @BeforeAll
    static void open() {
        database = Database.ofSandbox();
        rawTopic = RawTopicWriter.toSandbox();
    }

    @AfterAll
    static void close() {
        rawTopic.close();
    }

    @Test
    void grantThatMovesToAnotherCustomer_leavesTheFirst() {
        project(grant(1, one, null, true));
        assertThat(mayUse(one)).isTrue();

        project(grant(2, other, null, true));
        assertThat(mayUse(one)).isFalse();
        assertThat(mayUse(other)).isTrue();
    }

    @Test
    void olderStatementUnderAnotherCustomer_restoresNothing() {
        project(grant(2, other, null, false));
        project(grant(1, one, null, true));

        assertThat(mayUse(one)).isFalse();
        assertThat(mayUse(other)).isFalse();
    }

    @Test
    void grantThatASnapshotOmits_staysEnded_whenItsSubscriptionChanges() {
        String subscription = UUID.randomUUID().toString();
        project(grant(1, one, subscription, true));
        project("""
                {"type":"customer.state_changed","timestamp":"2026-10-01T08:05:00Z",
                 "data":{"id":"%s","external_id":"%s","granted_benefits":[]}}""".formatted(one, one));
        assertThat(mayUse(one)).isFalse();

        project("""
                {"type":"subscription.updated","timestamp":"2026-10-01T08:06:00Z",
                 "data":{"id":"%s","customer_id":"%s","status":"active","metadata":{}}}"""
                .formatted(subscription, other));
        assertThat(database.column("SELECT account FROM grants WHERE id = ? AND account IS NOT NULL", grant)).isEmpty();
    }

    private String grant(int second, String customer, String subscription, boolean granted) {
        return """
                {"type":"benefit_grant.updated","timestamp":"2026-10-01T08:00:0%dZ",
                 "data":{"id":"%s","customer_id":"%s","benefit_id":"benefit","is_granted":%s,"subscription_id":%s,
                         "customer":{"id":"%s","external_id":"%s","created_at":"2026-09-01T00:00:00Z"}}}"""
                .formatted(second, grant, customer, granted,
                        subscription == null ? null : '"' + subscription + '"', customer, customer);
    }

    private static void project(String event) {
        String webhookId = UUID.randomUUID().toString();
        rawTopic.write(List.of(RawTopicWriter.record(webhookId, event.getBytes(StandardCharsets.UTF_8))));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> database.number("SELECT count(*) FROM inbox WHERE webhook_id = ?", webhookId) == 1);
    }

    /// As published.
    private static boolean mayUse(String account) {
        return database.number("SELECT count(*) FROM accounts WHERE account = ? "
                + "AND json_array_length(published->'entitlements') = 1", account) == 1;
    }
}
