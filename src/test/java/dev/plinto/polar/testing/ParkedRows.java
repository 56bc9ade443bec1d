package dev.plinto.polar.testing;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Parked events of a type that only one test has, in the database of [SandboxStack]: as if another release, which
/// could not apply them, had parked them.
public final class ParkedRows {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database = Database.ofSandbox();
    private final String type = "test." + UUID.randomUUID();

    public String type() {
        return type;
    }

    /// The body of an event that this release keeps, as one of an unknown type.
    public String body() {
        return "{\"type\":\"" + type + "\",\"data\":{\"id\":\"" + UUID.randomUUID() + "\"}}";
    }

    /// @return its webhook id
    public String park(String reason) {
        return park(reason, 0, body());
    }

    /// @return its webhook id
    public String park(String reason, int hoursAgo, String body) {
        return park(UUID.randomUUID().toString(), reason, hoursAgo, body);
    }

    public String park(String webhookId, String reason, int hoursAgo, String body) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) VALUES "
                + "(?, ?, ?, 'for a test', date_trunc('hour', now()) - make_interval(hours => ?), 'webhook', ?)",
                webhookId, type, reason, hoursAgo, body.getBytes(StandardCharsets.UTF_8));
        return webhookId;
    }

    public void parkMany(String reason, int number) {
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "SELECT gen_random_uuid(), ?, ?, 'for a test', now(), 'webhook', ? FROM generate_series(1, ?)", type,
                reason, body().getBytes(StandardCharsets.UTF_8), number);
    }

    /// Those that are still parked, oldest first.
    public List<String> ids() {
        return database.column("SELECT webhook_id FROM parked WHERE type = ? ORDER BY received_at, webhook_id", type);
    }

    public void awaitIds(List<String> ids) {
        await().atMost(PATIENCE).until(() -> ids().equals(ids));
    }

    /// Also of an event of another type; 0 if it is not parked.
    public int attempts(String webhookId) {
        return database.column("SELECT attempts FROM parked WHERE webhook_id = ?", webhookId).stream()
                .mapToInt(Integer::parseInt).findFirst().orElse(0);
    }

    public void awaitAttempts(String webhookId, int attempts) {
        await().atMost(PATIENCE).until(() -> attempts(webhookId) == attempts);
    }

    public void forget() {
        database.execute("DELETE FROM parked WHERE type = ?", type);
    }
}
