package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Replays and discards in the console. [ActionResultTest] has what the page says after a replay.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ShowParkedTest extends AsOperator {

    @Test
    void replay_isConfirmed_done_andAudited() {
        String id = "replayed-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'test.type', 'failed', 'for a test', now(), 'webhook', ?)", id,
                "{\"type\":\"test.type\",\"data\":{}}".getBytes(StandardCharsets.UTF_8));
        assertThat(visitor.get("/ops/parked?type=test.type&reason=failed").body()).contains(id, "Replay all of these…");
        assertThat(visitor.get("/ops/parked/replay?webhook_id=" + id).body())
                .contains("Replay one event?", "What will happen", "it stays parked, with one more attempt");

        HttpResponse<String> done = visitor.post("/ops/parked/replay",
                Map.of("webhook_id", id, "form", visitor.formToken()), "sec-fetch-site", "same-origin");

        assertThat(done.statusCode()).isEqualTo(303);
        String after = done.headers().firstValue("location").orElseThrow();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(visitor.get(after).body())
                .contains("1 event was published again. It is projected, and no longer parked."));
        assertThat(database.rows("SELECT 1 FROM parked WHERE webhook_id = ?", id)).isEmpty();
        assertThat(database.rows("SELECT begun.actor, begun.way, begun.action, ended.result FROM audit_log AS begun "
                + "JOIN audit_log AS ended ON ended.begun = begun.id WHERE begun.target = ?", id))
                .containsExactly(List.of("usr_sandbox", "console", "replay_parked", "1 event"));
        assertThat(visitor.get("/ops/audit").body()).contains(id, "replay_parked", "usr_sandbox");
    }

    @Test
    void discard_isConfirmed_done_andAuditedWithItsReason() {
        String id = "discarded-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, 'discard.type', 'failed', 'for a test', now(), 'webhook', 'x')", id);
        assertThat(visitor.get("/ops/parked?type=discard.type").body()).contains(id, "Discard all of these…");
        assertThat(visitor.get("/ops/events/" + id).body()).contains("Discard…");
        assertThat(visitor.get("/ops/parked/discard?webhook_id=" + id).body())
                .contains("Discard one event?", "What will happen", "this cannot be undone");
        assertThat(visitor.get("/ops/parked/discard?type=discard.type").body())
                .contains("Discard all events of any reason, type discard.type?", id);
        Map<String, String> form = Map.of("webhook_id", id, "form", visitor.formToken(), "why", "a test's own");

        assertThat(visitor.post("/ops/parked/discard", Map.of("webhook_id", id, "form", visitor.formToken()),
                "sec-fetch-site", "same-origin").statusCode()).isEqualTo(400);
        HttpResponse<String> done = visitor.post("/ops/parked/discard", form, "sec-fetch-site", "same-origin");

        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(visitor.get(done.headers().firstValue("location").orElseThrow()).body()).contains("1 discarded");
        assertThat(visitor.get("/ops/events/" + id).body()).contains("an operator has discarded it");
        assertThat(visitor.get("/ops/audit").body()).contains(id, "discard_parked", "a test&#39;s own");
    }

    @Test
    void parkedEventWithoutABody_offersNoReplay() {
        String id = "forgotten-" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body, "
                + "body_forgotten_at) VALUES (?, 'forgotten.type', 'failed', 'x', now(), 'webhook', '', now())", id);
        try {
            assertThat(visitor.get("/ops/parked?type=forgotten.type").body()).contains(id, "body deleted")
                    .doesNotContain("Replay… " + id);
            assertThat(visitor.get("/ops/events/" + id).body()).contains("It cannot be replayed", "Discard…")
                    .doesNotContain("Replay…");
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
    }
}
