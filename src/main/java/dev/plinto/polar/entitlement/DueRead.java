package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object that must be read at its provider, since what the provider told of it may not be all, or may not say what
/// came last. It is read until a reading speaks after [#speaksAfter].
///
/// @param id          as it is stored
/// @param customer    whose it is; null if it is not known
/// @param speaksAfter the moment of the newest statement about it, or at which its period ends
public record DueRead(Kind kind, String id, @Nullable String customer, Reason reason, Instant speaksAfter) {

    public enum Kind {
        ORDER, SUBSCRIPTION;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Empty for a kind that this release does not know.
        public static Optional<Kind> of(String wireName) {
            return Arrays.stream(values()).filter(kind -> kind.wireName().equals(wireName)).findFirst();
        }
    }

    public enum Reason {
        /// Two events speak of it as of the same second: which of them came last, only the object tells.
        TIE,
        /// The provider sent nothing for a while: what it did not deliver, nobody repeats.
        SILENCE,
        /// Its period is over, or renewed: nothing ends by our clock.
        PERIOD_END,
        /// A product is set for its plan now, and none was when the plan was last told.
        MAPPED_PLAN;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Reason of(String wireName) {
            return Arrays.stream(values()).filter(reason -> reason.wireName().equals(wireName)).findFirst()
                    .orElseThrow();
        }
    }

    public DueRead {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(speaksAfter, "speaksAfter");
    }

    /// The subscription or order that an event of a provider without grants is about; empty for all other events. Such
    /// an event has it as its first statement.
    public static Optional<Scope> subject(Event event) {
        return event.statements().stream().findFirst().filter(Scope.class::isInstance).map(Scope.class::cast)
                .filter(scope -> !Provider.of(scope.id()).tellsGrants());
    }

    /// What an event asks for. Polar's ask for nothing: Polar's moments have microseconds, and its lists are compared.
    ///
    /// @param newest       of all other statements about the event's [subject][#subject]; null if there is none
    /// @param afterSilence whether it is the first event of its provider after a silence
    public static Optional<DueRead> askedBy(Event event, @Nullable Stamp newest, boolean afterSilence) {
        return subject(event).flatMap(scope -> {
            Stamp stamp = stampOf(event);
            boolean isTie = newest != null && newest.moment().equals(stamp.moment())
                    && !newest.webhookId().equals(stamp.webhookId());
            return isTie || afterSilence
                    ? Optional.of(new DueRead(kindOf(scope), scope.id().value(),
                            scope.customer().map(Id.Customer::value).orElse(null),
                            isTie ? Reason.TIE : Reason.SILENCE,
                            newest != null && newest.isAfter(stamp) ? newest.moment() : stamp.moment()))
                    : Optional.empty();
        });
    }

    public static Stamp stampOf(Event event) {
        return new Stamp(event.cause().timestamp(), event.cause().webhookId());
    }

    public static Kind kindOf(Scope scope) {
        return switch (scope) {
            case Order order -> Kind.ORDER;
            case Subscription subscription -> Kind.SUBSCRIPTION;
        };
    }

    /// This one and another of the same object.
    public DueRead and(DueRead other) {
        return new DueRead(kind, id, customer == null ? other.customer : customer, reason,
                other.speaksAfter.isAfter(speaksAfter) ? other.speaksAfter : speaksAfter);
    }
}
