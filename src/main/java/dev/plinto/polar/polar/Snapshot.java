package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// What Polar's API told of one object, as an event of our own: made by reconciliation, read like Polar's.
///
/// It speaks as of a moment that Polar's clock had certainly passed when Polar began to read: the `Date` of an answer
/// that had come before the request left, less [#MARGIN]; or as of the object's own last modification, where that is
/// newer. So an event that Polar emitted meanwhile always counts for more.
///
/// @param id of what it says: the same object, moment and content have the same id
public record Snapshot(PolarObject.Kind kind, String objectId, Instant moment, String id, byte[] body) {

    public static final String TYPE = "dev.plinto.polar.snapshot.v1";

    /// Among Polar's machines, clocks and replicas of its database.
    static final Duration MARGIN = Duration.ofSeconds(60);

    private static final UUID NAMESPACE = UUID.fromString("5ce9dbd1-5b5a-4a3b-8f0e-7f6f2f1f9b52");
    private static final String GONE = "gone";

    /// As of when something speaks that is asked for now.
    public static Instant asOf(Instant heardBefore) {
        return heardBefore.minus(MARGIN);
    }

    public static Snapshot of(PolarObject object, Instant heardBefore) {
        Instant asOf = asOf(heardBefore);
        Instant moment = object.modifiedAt().filter(asOf::isBefore).orElse(asOf);
        return of(object.kind(), object.id(), moment, false, object.json());
    }

    /// Of something that we hold and that Polar has no more. A subscription has ended then, a grant is not granted, and
    /// a customer is deleted, with all of its grants.
    public static Snapshot gone(TrackedObject held, Instant heardBefore) {
        Instant moment = asOf(heardBefore);
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("id", held.id().value());
        return switch (held) {
            case Customer customer -> of(PolarObject.Kind.CUSTOMER, customer.id().value(), moment, true,
                    data.put("deleted_at", Rfc3339.format(moment)));
            case Subscription subscription -> of(PolarObject.Kind.SUBSCRIPTION, subscription.id().value(), moment, true,
                    data.put("customer_id", subscription.customer().map(Id::value).orElse(null))
                            .put("status", "canceled")
                            .put("ends_at", Rfc3339.format(moment))
                            .put("ended_at", Rfc3339.format(moment)));
            case Grant grant -> of(PolarObject.Kind.GRANT, grant.id().value(), moment, true,
                    data.put("customer_id", grant.customer().value())
                            .put("benefit_id", grant.facts().get(Grant.BENEFIT_ID))
                            .put("is_granted", false)
                            .putNull("granted_at"));
            case Order order -> throw neverCompared();
            case Product product -> throw neverCompared();
            case Benefit benefit -> throw neverCompared();
        };
    }

    private static IllegalArgumentException neverCompared() {
        return new IllegalArgumentException("only customers, subscriptions and grants are compared with Polar's");
    }

    private static Snapshot of(PolarObject.Kind kind, String id, Instant moment, boolean gone, JsonNode data) {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("type", TYPE)
                .put("timestamp", Rfc3339.format(moment))
                .put("kind", kind.wireName())
                .put(GONE, gone)
                .set("data", data);
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return new Snapshot(kind, id, moment, nameOf(bytes), bytes);
    }

    static TrackedObject statement(Payload envelope, Payload data, Stamp stamp) {
        PolarObject.Kind kind = PolarObject.Kind.of(envelope.text("kind"))
                .orElseThrow(() -> new Payload.Unreadable("event.kind", "one that is known"));
        return switch (kind) {
            case CUSTOMER -> Boolean.TRUE.equals(envelope.bool(GONE))
                    ? CustomerSnapshot.ofDeleted(data, stamp)
                    : PolarObjects.customer(data, stamp);
            case SUBSCRIPTION -> PolarObjects.subscription(data, stamp);
            case GRANT -> PolarObjects.grant(data, stamp);
        };
    }

    /// A UUID of version 5 (RFC 9562) of all that it says.
    private static String nameOf(byte[] body) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16).putLong(NAMESPACE.getMostSignificantBits())
                    .putLong(NAMESPACE.getLeastSignificantBits()).array());
            ByteBuffer hash = ByteBuffer.wrap(sha1.digest(body));
            long most = hash.getLong() & 0xffff_ffff_ffff_0fffL | 0x5000L;
            long least = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
            return new UUID(most, least).toString();
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has SHA-1
            throw new IllegalStateException(impossible);
        }
    }
}
