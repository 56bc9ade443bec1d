package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.plinto.polar.BodyJson;
import dev.plinto.polar.Envelope;
import dev.plinto.polar.entitlement.Cause;
import dev.plinto.polar.entitlement.Event;
import dev.plinto.polar.entitlement.EventReading;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.TrackedObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads an event of Polar's as statements. Their moment is the envelope's `timestamp` (when Polar emitted the event,
/// the same in every attempt); that of an embedded object is its own modification.
public final class EventReader implements EventReading {

    /// Which statements this release reads in an event. A release that reads more has a greater number, applies what it
    /// reads in addition to the events that are kept, and finds them by an index on the inbox of its own migration.
    /// 1: what is only read, beside what decides access; 2: a customer's country, a
    /// checkout's request.
    public static final short STATEMENTS = 2;

    private final Optional<String> merchant;

    /// @param merchant the configured organization at Polar; empty if it is not checked
    public EventReader(Optional<String> merchant) {
        this.merchant = merchant;
    }

    /// A [Snapshot] is of an unknown type here, so that no delivery can forge one.
    @Override
    public Reading read(String webhookId, byte[] body) {
        return read(webhookId, body, false);
    }

    @Override
    public Reading readOwn(String ceType, String webhookId, byte[] body) {
        return ceType.equals(Snapshot.TYPE) ? readSnapshot(webhookId, body) : new Reading.UnknownType(ceType);
    }

    /// Reads an event that reconciliation made.
    public Reading readSnapshot(String id, byte[] body) {
        return read(id, body, true);
    }

    private Reading read(String webhookId, byte[] body, boolean isSnapshot) {
        JsonNode root = BodyJson.read(body).orElse(MissingNode.getInstance());
        String type = root.path("type").textValue();
        if (!Envelope.isName(type)) {
            return new Reading.NotAnEvent();
        }
        Payload envelope = new Payload("event", root);
        if (isSnapshot && type.equals(Snapshot.TYPE)) {
            Optional<String> unknown = Snapshot.unknownType(root);
            return unknown.isPresent()
                    ? new Reading.UnknownType(unknown.get())
                    : understand(type, webhookId, envelope,
                            (data, stamp) -> withEmbedded(Snapshot.statement(envelope, data, stamp), data, stamp));
        }
        return EventType.of(type)
                .map(known -> understand(type, webhookId, envelope, (data, stamp) -> statements(known, data, stamp)))
                .orElseGet(() -> new Reading.UnknownType(type));
    }

    private interface Statements {
        List<TrackedObject> of(Payload data, Stamp stamp);
    }

    private Reading understand(String type, String webhookId, Payload envelope, Statements statements) {
        try {
            Payload data = envelope.object("data").orElseThrow(() -> new Payload.Unreadable("event.data", "an object"));
            if (isOtherMerchant(type, data)) {
                return new Reading.OtherMerchant(type,
                        "it belongs to another organization at Polar than POLAR_ORGANIZATION_ID");
            }
            Instant timestamp = Optional.ofNullable(envelope.time("timestamp"))
                    .orElseThrow(
                            () -> new Payload.Unreadable("event.timestamp", "there, and events are ordered by it"));
            Cause cause = new Cause(type, webhookId, timestamp);
            return new Reading.Understood(new Event(cause, statements.of(data, new Stamp(timestamp, webhookId))));
        } catch (Payload.Unreadable unreadable) {
            return new Reading.Malformed(type, unreadable.detail());
        }
    }

    private List<TrackedObject> statements(EventType type, Payload data, Stamp stamp) {
        return switch (type) {
            case SUBSCRIPTION_CREATED, SUBSCRIPTION_UPDATED, SUBSCRIPTION_ACTIVE, SUBSCRIPTION_CANCELED,
                    SUBSCRIPTION_UNCANCELED, SUBSCRIPTION_CYCLED, SUBSCRIPTION_PAST_DUE, SUBSCRIPTION_REVOKED,
                    SUBSCRIPTION_PAUSED, SUBSCRIPTION_RESUMED, SUBSCRIPTION_MIGRATED ->
                withEmbedded(PolarObjects.subscription(data, stamp), data, stamp);
            case ORDER_CREATED, ORDER_UPDATED, ORDER_PAID, ORDER_REFUNDED ->
                withEmbedded(PolarObjects.order(data, stamp), data, stamp);
            case BENEFIT_GRANT_CREATED, BENEFIT_GRANT_UPDATED, BENEFIT_GRANT_CYCLED, BENEFIT_GRANT_REVOKED ->
                withEmbedded(PolarObjects.grant(data, stamp), data, stamp);
            case CUSTOMER_CREATED, CUSTOMER_UPDATED -> List.of(PolarObjects.customer(data, stamp));
            case CUSTOMER_DELETED -> List.of(CustomerSnapshot.ofDeleted(data, stamp));
            case CUSTOMER_STATE_CHANGED -> CustomerSnapshot.ofState(data, stamp);
            case PRODUCT_CREATED, PRODUCT_UPDATED -> withEmbedded(PolarReferences.product(data, stamp), data, stamp);
            case BENEFIT_CREATED, BENEFIT_UPDATED -> List.of(PolarReferences.benefit(data, stamp));
            case CHECKOUT_CREATED, CHECKOUT_UPDATED, CHECKOUT_EXPIRED ->
                withEmbedded(PolarReferences.checkout(data, stamp), data, stamp);
            case CUSTOMER_SEAT_ASSIGNED, CUSTOMER_SEAT_CLAIMED, CUSTOMER_SEAT_REVOKED ->
                withEmbedded(PolarReferences.seat(data, stamp), data, stamp);
            case MEMBER_CREATED, MEMBER_UPDATED -> List.of(PolarReferences.member(data, stamp));
            case MEMBER_DELETED -> List.of(PolarReferences.deletedMember(data, stamp));
            case REFUND_CREATED, REFUND_UPDATED, DISCOUNT_CREATED, DISCOUNT_UPDATED, DISCOUNT_DELETED,
                    ORGANIZATION_UPDATED ->
                List.of();
        };
    }

    private static List<TrackedObject> withEmbedded(TrackedObject main, Payload data, Stamp stamp) {
        return Stream.concat(Stream.of(main), EmbeddedObjects.of(data, stamp)).toList();
    }

    private boolean isOtherMerchant(String type, Payload data) {
        if (merchant.isEmpty()) {
            return false;
        }
        Optional<String> sender = merchantOf(type, data);
        return sender.isPresent() && !sender.equals(merchant);
    }

    /// The organization at Polar that the event belongs to; empty if the event does not name it.
    public static Optional<String> merchantOf(byte[] body) {
        try {
            JsonNode root = BodyJson.read(body).orElse(MissingNode.getInstance());
            String type = root.path("type").asText();
            return new Payload("event", root).object("data").flatMap(data -> merchantOf(type, data));
        } catch (Payload.Unreadable noEvent) {
            return Optional.empty();
        }
    }

    /// `organization_id` in Polar's payloads is the merchant, never one of Plinto's organizations.
    static Optional<String> merchantOf(String type, Payload data) {
        return type.equals(EventType.ORGANIZATION_UPDATED.wireName())
                ? Optional.ofNullable(data.text("id"))
                : Stream.of(Optional.of(data), data.object("customer"), data.object("product"), data.object("benefit"))
                        .flatMap(Optional::stream)
                        .flatMap(object -> Optional.ofNullable(object.text("organization_id")).stream())
                        .findFirst();
    }
}
