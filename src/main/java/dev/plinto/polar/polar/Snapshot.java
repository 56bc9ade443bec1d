package dev.plinto.polar.polar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.OwnEvent;
import dev.plinto.polar.ReadableText;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// An object read from Polar's API, as an event of our own: reconciliation makes it, [EventReader] reads it.
///
/// Its moment is one that Polar's clock had certainly passed when Polar read the object: the `Date` of an answer that
/// came before the request was sent, less [#MARGIN]; or the object's own last modification, if that is later. So an
/// event that Polar emitted meanwhile always wins. A meter, and what a customer used of it, counts as of its own last
/// modification only, as in `customer.state_changed`: there the newest count wins, whenever it was read.
///
/// @param isGone whether Polar did not have the object
/// @param id     made from the body: the same object, moment and content have the same id
public record Snapshot(PolarObject.Kind kind, String objectId, Instant moment, boolean isGone, String id,
        byte[] body) {

    public static final String TYPE = OwnEvent.SNAPSHOT;

    private static final String OWN_TYPES = "dev.plinto.polar.";
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    /// For the clocks of Polar's machines and the lag of its database's replicas.
    static final Duration MARGIN = Duration.ofSeconds(60);

    private static final String GONE = "gone";

    /// Whether a record's `ce_type` states that this service, or a newer release of it, made the event.
    public static boolean isOwnType(String ceType) {
        return ceType.startsWith(OWN_TYPES);
    }

    /// Whether this release can apply events that were kept as of this type: see [#unknownType].
    public static boolean knows(String type) {
        return type.startsWith(TYPE + ":") && PolarObject.Kind.of(type.substring(TYPE.length() + 1)).isPresent();
    }

    /// The type under which a snapshot is kept whose kind only a newer release knows, such as
    /// `dev.plinto.polar.snapshot.v1:order`; empty if the kind is known, or if it is not the name of a kind.
    static Optional<String> unknownType(JsonNode envelope) {
        return Optional.ofNullable(envelope.path("kind").textValue())
                .filter(kind -> KIND.matcher(kind).matches() && PolarObject.Kind.of(kind).isEmpty())
                .map(kind -> TYPE + ":" + kind);
    }

    /// The moment of a snapshot that is requested now.
    ///
    /// @param lastDate the `Date` of an answer that has come
    public static Instant asOf(Instant lastDate) {
        return lastDate.minus(MARGIN);
    }

    public static Snapshot of(PolarObject object, Instant lastDate) {
        return of(object.kind(), object.id(), moment(object, asOf(lastDate)), false, object.json());
    }

    private static Instant moment(PolarObject object, Instant asOf) {
        return switch (object.kind()) {
            case METER, CUSTOMER_METER -> object.modifiedAt().orElse(Instant.EPOCH); // any other statement wins
            case CUSTOMER, SUBSCRIPTION, GRANT, PRODUCT, ORDER, CHECKOUT, MEMBER, SEAT ->
                object.modifiedAt().filter(asOf::isBefore).orElse(asOf);
        };
    }

    /// What Polar answered to a change that it made for us: it speaks as of the object's own modification, without
    /// margin, so that an event that Polar emits of a later change wins.
    ///
    /// @param date the `Date` of the answer; counts for an object that does not state its modification
    public static Snapshot ofAnswer(PolarObject object, Instant date) {
        return of(object.kind(), object.id(), object.modifiedAt().orElseGet(() -> asOf(date)), false, object.json());
    }

    /// For an object that we have and Polar no longer has. A subscription has ended then, a grant is not granted, a
    /// customer is deleted, with all of its grants, and so is a member. Polar keeps the others for ever.
    public static Snapshot gone(TrackedObject object, Instant lastDate) {
        Instant moment = asOf(lastDate);
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("id", object.id().value());
        return switch (object) {
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
            case Member member -> of(PolarObject.Kind.MEMBER, member.id().value(), moment, true,
                    data.put("customer_id", member.facts().get(Member.CUSTOMER_ID)));
            case Order order -> throw neverGone();
            case Reference reference -> throw neverGone();
        };
    }

    private static IllegalArgumentException neverGone() {
        return new IllegalArgumentException("Polar deletes only customers, subscriptions, grants and members");
    }

    private static Snapshot of(PolarObject.Kind kind, String id, Instant moment, boolean gone, JsonNode data) {
        ObjectNode body = JsonNodeFactory.instance.objectNode()
                .put("type", TYPE)
                .put("timestamp", Rfc3339.format(moment))
                .put("kind", kind.wireName())
                .put(GONE, gone)
                .set("data", data);
        byte[] bytes = ReadableText.escaped(body.toString()).getBytes(StandardCharsets.UTF_8);
        return new Snapshot(kind, id, moment, gone, OwnEvent.idOf(bytes), bytes);
    }

    static TrackedObject statement(Payload envelope, Payload data, Stamp stamp) {
        PolarObject.Kind kind = PolarObject.Kind.of(envelope.text("kind"))
                .orElseThrow(() -> new Payload.Unreadable("event.kind", "the name of a kind"));
        return switch (kind) {
            case CUSTOMER -> Boolean.TRUE.equals(envelope.bool(GONE))
                    ? CustomerSnapshot.ofDeleted(data, stamp)
                    : PolarObjects.customer(data, stamp);
            case SUBSCRIPTION -> PolarObjects.subscription(data, stamp);
            case GRANT -> PolarObjects.grant(data, stamp);
            case PRODUCT -> PolarReferences.product(data, stamp);
            case METER -> PolarReferences.meter(data, stamp);
            case ORDER -> PolarObjects.order(data, stamp);
            case CHECKOUT -> PolarReferences.checkout(data, stamp);
            case MEMBER -> Boolean.TRUE.equals(envelope.bool(GONE))
                    ? PolarReferences.deletedMember(data, stamp)
                    : PolarReferences.listedMember(data, stamp);
            case SEAT -> PolarReferences.seat(data, stamp);
            case CUSTOMER_METER -> PolarReferences.customerMeter(data.requiredId("customer_id"), data, stamp);
        };
    }
}
