package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.SignedDelivery;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What the console's page about the audit log finds.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ShowAuditLogTest extends AsOperator {

    private final String id = UUID.randomUUID().toString();

    @Test
    void entriesOfAnOrganization_areWhatPeopleDid_andWhatWebhooksChanged() {
        String webhookId = "granted-" + id;
        database.execute("INSERT INTO audit_log (actor_kind, actor, way, request_id, organization, action, target, "
                + "changed_from, changed_to) VALUES ('service', 'svc_shop', 'api', 'req-1', ?, 'reconcile', 'sub-1', "
                + "'5 seats', '7 seats')", "org-" + id);
        SignedDelivery.of(webhookId, """
                {"type":"benefit_grant.created","timestamp":"2026-11-03T00:00:00Z","data":{"id":"g-%1$s",
                 "customer_id":"c-%1$s","benefit_id":"b-%1$s","is_granted":true,
                 "customer":{"id":"c-%1$s","external_id":"org-%1$s","created_at":"2026-11-01T00:00:00Z"}}}"""
                .formatted(id).getBytes(StandardCharsets.UTF_8), Instant.now())
                .send(service.resolve("/api/v1/polar/webhooks"));

        String page = await().atMost(Duration.ofSeconds(20)).until(
                () -> visitor.get("/ops/audit?organization_id=org-" + id).body(),
                body -> body.contains("benefit_grant.created"));

        assertThat(page).contains("svc_shop (service)", "5 seats → 7 seats", "req-1",
                "<td class=\"id\">org-" + id + "</td>", "under way", "polar (provider)",
                "href=\"/ops/events/" + webhookId + "\"", "– → granted");
    }

    @Test
    void reasonOfAnOperator_isShown_alsoAmongTheEntriesOfAnOrganization() {
        database.execute("""
                WITH typed AS (
                  SELECT ? AS organization, 'because of ' || ? AS reason, uuid_send(gen_random_uuid()) AS salt
                ), recorded AS (
                  INSERT INTO audit_log (actor_kind, actor, way, organization, action, reason_sha256)
                  SELECT 'operator', 'usr-ops', 'api', organization, 'discard_parked',
                         sha256(salt || convert_to(reason, 'UTF8'))
                  FROM typed RETURNING id)
                INSERT INTO audit_personal (id, field, organization, salt, value)
                SELECT id, 'reason', organization, salt, reason FROM recorded, typed
                """, "org-" + id, id);

        assertThat(visitor.get("/ops/audit?organization_id=org-" + id).body()).contains("because of " + id);
        assertThat(visitor.get("/ops/audit?actor=usr-ops").body()).contains("because of " + id);
    }

    @Test
    void addressOfOlderEntries_hasWhatTheVisitorTyped_andNothingElse() {
        database.execute("INSERT INTO audit_log (actor_kind, actor, way, action) "
                + "SELECT 'operator', ?, 'api', 'reconcile' FROM generate_series(1, 101)", "usr-" + id);

        assertThat(visitor.get("/ops/audit?actor=usr-" + id + "&action=").body())
                .containsPattern("href=\"/ops/audit\\?actor=usr-" + id + "&amp;after=[0-9]+\" rel=\"next\"");
    }

    @Test
    void search_findsByActorActionAndTarget() {
        database.execute("INSERT INTO audit_log (actor_kind, actor, way, action, target) "
                + "VALUES ('operator', ?, 'api', 'reconcile', 'wanted')", "usr-" + id);

        assertThat(visitor.get("/ops/audit?actor=usr-" + id + "&action=reconcile&target=wanted").body())
                .contains("Entries that match", "usr-" + id);
        assertThat(visitor.get("/ops/audit?actor=usr-" + id + "&action=republish").body())
                .contains("No entries match.");
    }
}
