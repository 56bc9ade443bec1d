package dev.plinto.polar.testing;

import dev.plinto.polar.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Decisions about an organization at past times, as the projection would have stored them: rows of the history and of
/// the inbox, and the newest message. (The sandbox's scenarios cannot be played in the past.)
public record PastDecisions(String organization) {

    private static final Database DATABASE = Database.ofSandbox();
    private static final String SUBSCRIPTION = "polar.subscription.changed";
    private static final String ENTITLEMENT = "polar.entitlement.changed";

    public PastDecisions bought(Instant at) {
        subscription(at, "active", "null", "subscription.created", "bought-" + organization);
        return granted(at.plusSeconds(1), "granted-" + organization);
    }

    public PastDecisions paidAfterAll(Instant at) {
        subscription(at.minusSeconds(1), "active", "\"past_due\"", "subscription.active", "paid-" + organization);
        return granted(at, "again-" + organization);
    }

    private PastDecisions granted(Instant at, String webhookId) {
        entitlements(at, """
                [{"benefit_id":"b-1","benefit_type":"feature_flag","description":"Unlimited exports",
                  "feature":"unlimited_exports","grants":[{"grant_id":"g-%1$s","customer_id":"c-%1$s",
                  "subscription_id":"s-%1$s","order_id":null,"member_id":null,"granted_at":"%2$s"}]}]
                """.formatted(organization, micros(at)), "[\"b-1\"],\"revoked\":[]", "benefit_grant.created",
                webhookId);
        return this;
    }

    public PastDecisions couldNotPay(Instant at) {
        subscription(at.minusSeconds(1), "past_due", "\"active\"", "subscription.past_due", "unpaid-" + organization);
        entitlements(at, "[]", "[],\"revoked\":[\"b-1\"]", "benefit_grant.revoked", "revoked-" + organization);
        return this;
    }

    /// A second benefit beside the first; the history gets no whole set.
    public PastDecisions grantedMore(Instant at) {
        DATABASE.execute("""
                INSERT INTO benefit_changes (account, benefit_id, effect, version, decided_at, cause_type,
                  cause_webhook_id, caused_at, benefit)
                VALUES (?, 'b-2', 'granted', ?, ?::timestamptz, 'benefit_grant.created', ?, ?::timestamptz,
                  '{"benefit_id":"b-2","description":"Priority support","grants":[]}')
                """, organization, at.toEpochMilli(), at.toString(), "more-" + organization,
                at.minusSeconds(2).toString());
        DATABASE.execute("""
                UPDATE accounts SET version = ?, published = json_build_object('account', account,
                  'organization_id', account, 'version', ?::bigint, 'entitlements', published::jsonb -> 'entitlements'
                    || '[{"benefit_id":"b-2","description":"Priority support","grants":[]}]',
                  'granted', json_build_array('b-2'), 'revoked', json_build_array(), 'cause', ?::json)
                WHERE account = ?
                """, at.toEpochMilli(), at.toEpochMilli(),
                cause(at, "benefit_grant.created", "more-" + organization), organization);
        return this;
    }

    /// The newest message again, with a higher version.
    public PastDecisions toldAnew(Instant at) {
        DATABASE.execute("UPDATE accounts SET version = ?, published = jsonb_set(published::jsonb, '{version}', "
                + "to_jsonb(?::bigint))::json WHERE account = ?", at.toEpochMilli(), at.toEpochMilli(), organization);
        return this;
    }

    /// The event of the newest message came late.
    public PastDecisions causedAt(Instant at) {
        DATABASE.execute("UPDATE accounts SET published = jsonb_set(published::jsonb, '{cause,timestamp}', "
                + "to_jsonb(?::text))::json WHERE account = ?", micros(at), organization);
        return this;
    }

    /// Drops what the history and the changes of benefits have from before a moment. (Their partitions end on different
    /// days.)
    public PastDecisions forget(Instant history, Instant benefitChanges) {
        DATABASE.execute("DELETE FROM history WHERE account = ? AND decided_at < ?::timestamptz", organization,
                history.toString());
        DATABASE.execute("DELETE FROM benefit_changes WHERE account = ? AND decided_at < ?::timestamptz", organization,
                benefitChanges.toString());
        return this;
    }

    private void subscription(Instant at, String status, String before, String type, String webhookId) {
        String message = """
                {"subscription_id":"s-%1$s","account":"%1$s","organization_id":"%1$s","customer_id":"c-%1$s",
                 "product_id":"p-1","product_name":"Pro","product_metadata":{},"status":"%2$s","previous_status":%3$s,
                 "cancel_at_period_end":false,"current_period_start":null,"current_period_end":null,"trial_end":null,
                 "ends_at":null,"ended_at":null,"seats":null,"amount":2900,"currency":"eur",
                 "recurring_interval":"month",
                 "version":%4$d,"cause":%5$s}
                """.formatted(organization, status, before, at.toEpochMilli(), cause(at, type, webhookId));
        decided(SUBSCRIPTION, "s-" + organization, at, type, webhookId, message);
        DATABASE.execute("INSERT INTO subscriptions (id, customer_id, account, version, published) "
                + "VALUES (?, ?, ?, ?, ?::json) ON CONFLICT (id) DO UPDATE SET version = excluded.version, "
                + "published = excluded.published", "s-" + organization, "c-" + organization, organization,
                at.toEpochMilli(), message);
    }

    private void entitlements(Instant at, String set, String granted, String type, String webhookId) {
        String message = """
                {"account":"%1$s","organization_id":"%1$s","version":%2$d,"entitlements":%3$s,"granted":%4$s,
                 "cause":%5$s}
                """.formatted(organization, at.toEpochMilli(), set, granted, cause(at, type, webhookId));
        decided(ENTITLEMENT, organization, at, type, webhookId, message);
        DATABASE.execute("INSERT INTO accounts (account, version, published) VALUES (?, ?, ?::json) "
                + "ON CONFLICT (account) DO UPDATE SET version = excluded.version, published = excluded.published",
                organization, at.toEpochMilli(), message);
    }

    private void decided(String topic, String key, Instant at, String type, String webhookId, String message) {
        DATABASE.execute("INSERT INTO history (topic, key, version, account, decided_at, cause_type, cause_webhook_id, "
                + "state) VALUES (?, ?, ?, ?, ?::timestamptz, ?, ?, ?::json)", topic, key, at.toEpochMilli(),
                organization, at.toString(), type, webhookId, message);
        DATABASE.execute("INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, projected_at, origin, "
                + "subject) VALUES (?, ?, 'applied', ?::timestamptz, ?::timestamptz, ?::timestamptz, 'webhook', ?)",
                webhookId, type, at.minusSeconds(2).toString(), at.minusSeconds(1).toString(), at.toString(),
                "c-" + organization);
        DATABASE.execute("INSERT INTO payloads (webhook_id, received_at, body) VALUES (?, ?::timestamptz, ?)",
                webhookId,
                at.minusSeconds(1).toString(),
                "{\"type\":\"%s\",\"data\":{\"customer\":{\"email\":\"%s@example.com\"}}}"
                        .formatted(type, ProblemDocument.PRIVATE).getBytes(StandardCharsets.UTF_8));
    }

    private static String cause(Instant at, String type, String webhookId) {
        return "{\"event_type\":\"%s\",\"webhook_id\":\"%s\",\"timestamp\":\"%s\"}"
                .formatted(type, webhookId, micros(at.minusSeconds(2)));
    }

    private static String micros(Instant at) {
        return Rfc3339.format(at);
    }
}
