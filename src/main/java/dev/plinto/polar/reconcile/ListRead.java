package dev.plinto.polar.reconcile;

import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.PolarObject.Kind;
import dev.plinto.polar.postgres.Timestamps;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What earlier runs have read of Polar's list of a kind, by Polar's clock, and how much of it a run must read now.
///
/// @param readAt  when a run last read the list, as far back as it had to; empty if none has
/// @param wholeAt when a run last read it whole
record ListRead(Optional<Instant> readAt, Optional<Instant> wholeAt) {

    static final ListRead NEVER = new ListRead(Optional.empty(), Optional.empty());

    /// A checkout lasts a day, and a run seldom longer. What was created that long before the last reading has not
    /// changed since, unless it is an order: that may be paid or refunded much later.
    private static final Duration LOOK_BACK = Duration.ofDays(3);
    /// For what costs a request for each customer or subscription.
    private static final Duration PERIOD = Duration.ofDays(1);

    /// @param row `read_at`, `whole_at`
    static ListRead of(Row row) {
        return new ListRead(Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(0))),
                Optional.ofNullable(Timestamps.toInstant(row.getOffsetDateTime(1))));
    }

    /// Whether a run at that time reads any of the list.
    boolean isDue(Kind kind, Instant now) {
        return switch (kind) {
            case MEMBER, SEAT -> isOver(PERIOD, readAt, now);
            case CUSTOMER, SUBSCRIPTION, GRANT, PRODUCT, METER, ORDER, CHECKOUT, CUSTOMER_METER -> true;
        };
    }

    /// Whether a run that reads the list at that time reads it whole.
    boolean isWholeDue(Kind kind, Instant now) {
        return switch (kind) {
            case CHECKOUT -> wholeAt.isEmpty();
            case ORDER -> isOver(Duration.ofDays(1), wholeAt, now);
            case MEMBER -> isOver(Duration.ofDays(7), wholeAt, now);
            case CUSTOMER, SUBSCRIPTION, GRANT, PRODUCT, METER, SEAT, CUSTOMER_METER -> true;
        };
    }

    /// Whether a run has read enough once it has read this page, of a list with the newest first.
    boolean endsWith(Kind kind, List<PolarObject> page, Instant now) {
        return !isWholeDue(kind, now) && !page.isEmpty() && page.getLast().createdAt()
                .filter(created -> readAt.filter(read -> created.isBefore(read.minus(LOOK_BACK))).isPresent())
                .isPresent();
    }

    private static boolean isOver(Duration period, Optional<Instant> last, Instant now) {
        return last.isEmpty() || !now.isBefore(last.get().plus(period));
    }
}
