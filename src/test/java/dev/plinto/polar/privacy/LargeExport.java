package dev.plinto.polar.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.PlintoTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;

/// An organization with so much data that its export waits for its receiver.
final class LargeExport {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final int MEGABYTES = 24;
    private static final String LOCK = """
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
              AND (classid::bigint << 32 | objid::bigint) = hashtextextended('export:' || ?, 0)
            """;

    private final URI service;
    private final PlintoTokens tokens;
    private final Database database = Database.ofSandbox();
    final String organization = "large-" + UUID.randomUUID();

    LargeExport(URI service) {
        this.service = service;
        tokens = new PlintoTokens(service);
    }

    /// In a few large rows.
    LargeExport filled() {
        database.execute("""
                INSERT INTO history (topic, key, version, account, decided_at, cause_type, cause_webhook_id, state)
                SELECT 'polar.entitlement.changed', ?, number, ?, now(), 'order.paid', 'none',
                       ('"' || repeat('x', 1000000) || '"')::json
                FROM generate_series(1, ?) AS number
                """, organization, organization, MEGABYTES);
        return this;
    }

    /// In many small rows.
    LargeExport filledWithEvents(int events, int bytes) {
        String customer = "customer-of-" + organization;
        database.execute("INSERT INTO customers (id, external_id) VALUES (?, ?)", customer, organization);
        database.execute("""
                INSERT INTO inbox (webhook_id, type, outcome, received_at, origin, subject)
                SELECT ? || number, 'order.paid', 'applied', now(), 'webhook', ? FROM generate_series(1, ?) AS number
                """, organization, customer, events);
        database.execute("""
                INSERT INTO payloads (webhook_id, received_at, body)
                SELECT ? || number, now(), convert_to('{"type":"order.paid","x":"' || repeat('x', ?) || '"}', 'UTF8')
                FROM generate_series(1, ?) AS number
                """, organization, bytes, events);
        database.execute("""
                INSERT INTO history (topic, key, version, account, decided_at, cause_type, cause_webhook_id, state)
                SELECT 'polar.entitlement.changed', ?, number, ?, now(), 'order.paid', 'none', '{"entitlements":[]}'
                FROM generate_series(1, ?) AS number
                """, organization, organization, events);
        return this;
    }

    void remove() {
        database.execute("DELETE FROM payloads WHERE starts_with(webhook_id, ?)", organization);
        database.execute("DELETE FROM inbox WHERE starts_with(webhook_id, ?)", organization);
        database.execute("DELETE FROM history WHERE account = ?", organization);
        database.execute("DELETE FROM customers WHERE external_id = ?", organization);
    }

    HttpResponse<InputStream> open() {
        return send(BodyHandlers.ofInputStream());
    }

    /// Of an export that has begun, and waits to be read on.
    InputStream begun() throws IOException {
        HttpResponse<InputStream> answer = open();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().read()).isEqualTo('{');
        return answer.body();
    }

    HttpResponse<String> read() {
        return send(BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(HttpResponse.BodyHandler<T> body) {
        return HTTP.sendAsync(HttpRequest.newBuilder(
                service.resolve("/api/v1/polar/customer/data?organization_id=" + organization))
                .header("authorization", "Bearer " + tokens.of("org_id", organization, "org_role", "owner")).build(),
                body).join();
    }

    /// Whether the service holds the lock, and so a transaction.
    boolean isRunning() {
        return database.number(LOCK, organization) > 0;
    }

    /// How the audit log says that the newest one has ended.
    String result() {
        return database.column("""
                SELECT ended.result FROM audit_log AS ended JOIN audit_log AS begun ON begun.id = ended.begun
                WHERE begun.organization = ? ORDER BY ended.at DESC LIMIT 1
                """, organization).stream().findFirst().orElse("");
    }
}
