package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;

/// An event whose key was taken with another name or quantity.
///
/// @param index in the request, from 0
@JsonNaming(SnakeCaseStrategy.class)
public record ReusedKey(int index, String idempotencyKey, String eventName, BigDecimal quantity,
        String takenEventName, BigDecimal takenQuantity) {

    static ReusedKey of(int index, UsageEvent event, String takenName, BigDecimal takenQuantity) {
        return new ReusedKey(index, event.key(), event.name(), event.quantity(), takenName, takenQuantity);
    }

    /// Without the key, which may be personal.
    @Override
    public String toString() {
        return "ReusedKey[index=" + index + "]";
    }
}
