package dev.plinto.polar.projection;

import dev.plinto.polar.entitlement.Reading;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why an event could not be applied. Details name fields and never repeat values.
public record ParkReason(Kind kind, String detail) {

    /// `docs/parked.md` says what an operator can do about each.
    public enum Kind {
        NOT_AN_EVENT, MALFORMED, OTHER_MERCHANT, FAILED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(String wireName) {
            return Arrays.stream(values()).filter(kind -> kind.wireName().equals(wireName)).findFirst();
        }
    }

    /// Empty if the event need not be parked.
    static Optional<ParkReason> of(Reading reading) {
        return switch (reading) {
            case Reading.NotAnEvent notAnEvent -> Optional.of(new ParkReason(Kind.NOT_AN_EVENT,
                    "the body is not one JSON object in UTF-8 with a type and without doubled keys"));
            case Reading.Malformed malformed -> Optional.of(new ParkReason(Kind.MALFORMED, malformed.detail()));
            case Reading.OtherMerchant other -> Optional.of(new ParkReason(Kind.OTHER_MERCHANT, other.detail()));
            case Reading.Understood understood -> Optional.empty();
            case Reading.UnknownType unknown -> Optional.empty();
        };
    }

    /// For an event that failed to apply while others could be applied.
    static ParkReason failed(Throwable failure) {
        return new ParkReason(Kind.FAILED, DatabaseFailure.describe(failure));
    }
}
