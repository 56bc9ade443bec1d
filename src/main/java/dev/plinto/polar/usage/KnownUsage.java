package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an organization has used, by meter, as of when Polar last told; and what its meters do not hold yet, by the
/// name of the events.
public record KnownUsage(List<Meter> meters, List<Pending> pending) {

    public KnownUsage {
        meters = List.copyOf(meters);
        pending = List.copyOf(pending);
    }

    /// @param name    null until Polar's list of meters has told it
    /// @param balance credited less consumed; negative beyond what was credited
    /// @param asOf    when Polar last changed it
    @JsonNaming(SnakeCaseStrategy.class)
    public record Meter(String meterId, @Nullable String name, @Nullable BigDecimal consumedUnits,
            @Nullable BigDecimal creditedUnits, @Nullable BigDecimal balance, String asOf) {}

    @JsonNaming(SnakeCaseStrategy.class)
    public record Pending(String eventName, BigDecimal quantity) {}
}
