package dev.plinto.polar.usage;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an organization used, as its producer tells it: within the limits of Polar.
///
/// @param key        the producer's; or made here
/// @param properties a JSON object; null if there are none
/// @param occurredAt at most a few minutes ahead; in microseconds
record UsageEvent(String organization, UsageId id, String key, String name, BigDecimal quantity,
        @Nullable String properties, Instant occurredAt) {

    /// Whether it can be a repetition of the other, which has the same id. A producer that sends no time has another
    /// one when it sends again, so times do not count; nor do properties, which are not billed.
    boolean repeats(UsageEvent other) {
        return name.equals(other.name) && quantity.compareTo(other.quantity) == 0;
    }

    /// Of all its texts.
    int characters() {
        return organization.length() + key.length() + name.length() + (properties == null ? 0 : properties.length());
    }

    /// Without key and properties, which may be personal.
    @Override
    public String toString() {
        return "UsageEvent[" + id.value() + "]";
    }
}
