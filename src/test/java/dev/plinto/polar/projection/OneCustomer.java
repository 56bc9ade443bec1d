package dev.plinto.polar.projection;

import dev.plinto.polar.polar.EventReader;
import dev.plinto.polar.telemetry.Trace;
import dev.plinto.polar.testing.RawTopicWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A customer at Polar, with all that is personal, and events about it.
///
/// @param run          a part of every id, so that tests share a database
/// @param organization that it is linked to
record OneCustomer(String run, String organization) {

    static final String BEFORE = "2026-10-01T08:00:00Z";
    private static final String CUSTOMER_MODIFIED = "2026-09-30T08:00:00Z";
    private static final EventReader READER = new EventReader(Optional.empty());

    /// With an organization of its own.
    OneCustomer(String run) {
        this(run, "org-" + run);
    }

    String customer() {
        return "customer-" + run;
    }

    String subscriptionId() {
        return "sub-" + run;
    }

    String email() {
        return "ada-" + run + "@example.com";
    }

    String name() {
        return "Ada Lovelace " + run;
    }

    String[] personal() {
        return new String[] {email(), name(), "user-" + run};
    }

    ReceivedEvent[] purchase() {
        return new ReceivedEvent[] {subscription("s", BEFORE), grant("g", BEFORE), member("m", BEFORE),
                event("a", "customer_seat.assigned", BEFORE, """
                        {"id":"seat-%s","customer_id":"%s","subscription_id":"sub-%1$s","status":"pending","email":"%s"}
                        """.formatted(run, customer(), email())),
                event("u", "customer.updated", BEFORE, customerJson())};
    }

    /// A subscription and a grant, as of that moment.
    ReceivedEvent[] events(String moment) {
        return new ReceivedEvent[] {subscription("s", moment), grant("g", moment)};
    }

    ReceivedEvent subscription(String id, String moment) {
        return event(id, "subscription.updated", moment, subscriptionJson().replace(CUSTOMER_MODIFIED, moment));
    }

    String subscriptionJson() {
        return """
                {"id":"sub-%s","customer_id":"%s","status":"active","metadata":{"organization_id":"%s"},"customer":%s}
                """.formatted(run, customer(), organization, customerJson());
    }

    ReceivedEvent grant(String id, String moment) {
        return event(id, "benefit_grant.created", moment, grantJson());
    }

    /// Its subscription and its grant end.
    ReceivedEvent[] end(String id, String moment) {
        return new ReceivedEvent[] {
                event(id, "subscription.revoked", moment, subscriptionJson()
                        .replace("\"status\":\"active\"", "\"status\":\"canceled\",\"ended_at\":\"" + moment + "\"")),
                event("g" + id, "benefit_grant.revoked", moment, grantJson()
                        .replace("\"is_granted\":true", "\"is_granted\":false"))};
    }

    private String grantJson() {
        return """
                {"id":"grant-%s","customer_id":"%s","subscription_id":"sub-%1$s","benefit_id":"benefit",
                 "is_granted":true,"granted_at":"2026-10-01T08:00:00Z","customer":%s,"member":%s}
                """.formatted(run, customer(), customerJson(), memberJson("owner"));
    }

    ReceivedEvent member(String id, String moment) {
        return event(id, "member.updated", moment, memberJson("owner"));
    }

    ReceivedEvent malformed(String id) {
        return event(id, "order.paid", BEFORE, """
                {"id":"order-%s","customer_id":"%s","total_amount":"many","customer":%s}
                """.formatted(run, customer(), customerJson()));
    }

    String customerJson() {
        return """
                {"id":"%s","external_id":"%s","email":"%s","name":"%s","modified_at":"%s",
                 "billing_address":{"country":"SE"}}""".formatted(customer(), organization, email(), name(),
                CUSTOMER_MODIFIED);
    }

    String memberJson(String role) {
        return """
                {"id":"member-%s","customer_id":"%s","external_id":"user-%1$s","email":"%s","name":"%s","role":"%s",
                 "modified_at":"2026-09-30T08:00:00Z"}""".formatted(run, customer(), email(), name(), role);
    }

    ReceivedEvent event(String id, String type, String moment, String data) {
        byte[] body = """
                {"type":"%s","timestamp":"%s","data":%s}""".formatted(type, moment, data)
                .getBytes(StandardCharsets.UTF_8);
        ProducerRecord<String, byte[]> sent = RawTopicWriter.record(id + run, body);
        return new ReceivedEvent(id + run, sent.key(), Instant.now(), "webhook", body, null,
                READER.read(id + run, body), Trace.NONE);
    }
}
