package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;

/// How much was used. Polar adds quantities up as the floating-point numbers that they are in JSON, of which 15 digits
/// are exact.
final class Quantity {

    private static final int DIGITS = 15;
    private static final int DECIMALS = 9;
    private static final int LONGEST = 40; // as written: longer ones have more digits
    private static final int FARTHEST_EXPONENT = 100; // so that no exponent costs anything

    private static final BigDecimal MOST_OF_PERSON = BigDecimal.valueOf(1_000_000_000);

    static final String RULE_OF_SERVICE = "must be a number with at most " + DIGITS + " digits, " + DECIMALS
            + " of them after the point";
    static final String RULE_OF_PERSON = "must be a whole number from 1 to " + MOST_OF_PERSON.toPlainString();

    /// In its plainest form, so that 5 and 5.0 look alike. Empty if it is none that a service may send.
    static Optional<BigDecimal> read(JsonNode json) {
        if (!json.isNumber() || json.asText().length() > LONGEST) {
            return Optional.empty();
        }
        try {
            return plain(new BigDecimal(json.asText()));
        } catch (NumberFormatException exponentOutOfReach) {
            return Optional.empty();
        }
    }

    private static Optional<BigDecimal> plain(BigDecimal written) {
        if (written.signum() == 0) {
            return Optional.of(BigDecimal.ZERO);
        }
        if (written.scale() > FARTHEST_EXPONENT || written.scale() < -FARTHEST_EXPONENT) {
            return Optional.empty();
        }
        BigDecimal value = written.stripTrailingZeros();
        return value.precision() <= DIGITS && value.precision() - value.scale() <= DIGITS && value.scale() <= DECIMALS
                ? Optional.of(value.setScale(Math.max(0, value.scale())))
                : Optional.empty();
    }

    /// Whether a person's token may send it. A negative one would lower what somebody else pays for.
    static boolean isOfPerson(BigDecimal quantity) {
        return quantity.scale() == 0 && quantity.signum() > 0 && quantity.compareTo(MOST_OF_PERSON) <= 0;
    }

    private Quantity() {}
}
