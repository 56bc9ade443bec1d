package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a page says after an action, without JavaScript: [ConsoleBrowserTest] tests it with.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ActionResultTest extends AsOperator {

    private static final String LOADS_ITSELF = "<noscript><meta http-equiv=\"refresh\"";
    private final String id = UUID.randomUUID().toString();
    private final String type = "test." + id;

    @AfterEach
    void forgetParked() {
        database.execute("DELETE FROM parked WHERE type = ? OR webhook_id LIKE ?", type, "%" + id);
    }

    @Test
    void pageAfterAReplay_loadsItself_untilTheEventIsProjected() {
        String page = "/ops/parked?replayed=1&webhook_id=1-" + id + "&since=" + Instant.now().plusSeconds(1);
        park("1-" + id, "{}");
        assertThat(visitor.get(page).body()).contains("1 event was published again. 1 waits to be projected.",
                LOADS_ITSELF, " data-awaited", "class=\"verdict unknown\"");

        database.execute("DELETE FROM parked WHERE webhook_id = ?", "1-" + id);

        assertThat(visitor.get(page).body())
                .contains("It is projected, and no longer parked.", "class=\"verdict well\"")
                .doesNotContain(LOADS_ITSELF, "data-awaited");
    }

    @Test
    void eventThatFailsAgain_isSaidToBeParked() {
        park("1-" + id, "not JSON");

        assertThat(after(Map.of("webhook_id", "1-" + id)))
                .contains("It failed again and stays parked: the body is not one JSON object", "verdict notable");
    }

    @Test
    void replayOfSeveral_countsWhatBecameOfThem() {
        String malformed = "{\"type\":\"subscription.uncanceled\",\"timestamp\":\"2026-10-01T08:00:00Z\",\"data\":{}}";
        String good = malformed.replace("{}", "{\"id\":\"s-%1$s\",\"customer_id\":\"c-%1$s\"}".formatted(id));
        for (String body : List.of(good, malformed, good.replace("s-", "t-"))) {
            park(UUID.randomUUID() + "-" + id, body);
        }
        database.execute("UPDATE parked SET type = 'subscription.uncanceled' WHERE type = ?", type);

        assertThat(after(Map.of("type", "subscription.uncanceled", "reason", "failed")))
                .contains("3 events were published again. 1 failed again and stays parked; 2 are projected.");
    }

    @Test
    void replayThatIsNotProjectedForMinutes_isNotAwaitedForEver() {
        park("1-" + id, "{}");
        database.execute("UPDATE parked SET last_failed_at = now() - interval '1 h' WHERE webhook_id = ?", "1-" + id);

        assertThat(visitor.get("/ops/parked?replayed=1&webhook_id=1-" + id + "&since="
                + Instant.now().minus(Duration.ofMinutes(6))).body())
                .contains("1 waits to be projected. That is too long").doesNotContain(LOADS_ITSELF, "data-awaited");
    }

    @Test
    void requestedRun_isReportedWithItsResult() {
        Instant requested = Instant.now().minus(Duration.ofHours(1));
        String page = "/ops/reconciliation?requested_at=" + requested;
        assertThat(visitor.get(page).body()).doesNotContain("The run succeeded");
        database.execute("INSERT INTO reconciliation_runs (started_at, ended_at, outcome) VALUES "
                + "(?::timestamptz, now() - interval '1 min', 'succeeded')", requested.plusSeconds(1).toString());
        try {
            assertThat(visitor.get(page).body()).containsPattern("The run succeeded, with \\d+ repairs?\\.");
            assertThat(visitor.get("/ops/reconciliation").body()).doesNotContain("The run succeeded");
        } finally {
            database.execute("DELETE FROM reconciliation_runs WHERE outcome = 'succeeded'");
        }
    }

    /// The page after a replay, once it awaits nothing more.
    private String after(Map<String, String> replayed) {
        Map<String, String> form = new HashMap<>(replayed);
        form.put("form", visitor.formToken());
        String page = visitor.post("/ops/parked/replay", form).headers().firstValue("location").orElseThrow();
        return await().atMost(PATIENCE).until(() -> visitor.get(page).body(), body -> !body.contains("data-awaited"));
    }

    private void park(String webhookId, String body) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, ?, 'failed', 'for a test', now(), 'webhook', ?)", webhookId, type,
                body.getBytes(StandardCharsets.UTF_8));
    }
}
