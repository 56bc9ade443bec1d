package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Checkout;
import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.CustomerMeter;
import dev.plinto.polar.entitlement.EventReading;
import dev.plinto.polar.entitlement.Field;
import dev.plinto.polar.entitlement.Grant;
import dev.plinto.polar.entitlement.Member;
import dev.plinto.polar.entitlement.Meter;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Seat;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.telemetry.Trace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event in the inbox whose statements a release before this one applied.
///
/// @param body          null if it is not kept any more, or if the event was parked or discarded
/// @param isUnknownType whether that release applied nothing of it
record KeptEvent(String webhookId, Instant receivedAt, @Nullable String subject, String origin,
        @Nullable String ownType, boolean isUnknownType, byte @Nullable [] body) {

    /// Null without a body.
    @Nullable
    ReceivedEvent read(EventReading reader) {
        return body == null
                ? null
                : new ReceivedEvent(webhookId, subject, receivedAt, origin, body, ownType, ownType == null
                        ? reader.read(webhookId, body)
                        : reader.readOwn(ownType, webhookId, body), Trace.NONE);
    }

    /// Whether this release knows more of it than that release applied.
    boolean saysMore(Reading reading) {
        return reading instanceof Reading.Understood understood
                && (isUnknownType || understood.event().statements().stream().anyMatch(KeptEvent::saysMore));
    }

    private static boolean saysMore(TrackedObject statement) {
        return switch (statement) {
            case Checkout checkout -> true;
            case Member member -> true;
            case Seat seat -> true;
            case Meter meter -> true;
            case CustomerMeter meter -> true;
            case Customer customer -> hasAddedField(customer);
            case Subscription subscription -> hasAddedField(subscription);
            case Order order -> hasAddedField(order);
            case Grant grant -> hasAddedField(grant);
            case Product product -> hasAddedField(product);
            case Benefit benefit -> hasAddedField(benefit);
        };
    }

    private static boolean hasAddedField(TrackedObject statement) {
        return statement.fields().stream().filter(Field::isAdded)
                .anyMatch(field -> statement.facts().stamped(field) != null);
    }
}
