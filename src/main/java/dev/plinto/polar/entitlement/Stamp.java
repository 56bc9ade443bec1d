package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;

/// The moment of a statement, by Polar's clock, and the webhook id of its event. The statement with the greatest stamp
/// counts; the order of arrival does not matter. Of two equal moments the greater webhook id wins, compared as ASCII.
public record Stamp(Instant moment, String webhookId) implements Comparable<Stamp> {

    /// PostgreSQL's, so that what is loaded compares as what was stored.
    static final ChronoUnit PRECISION = ChronoUnit.MICROS;

    private static final Comparator<Stamp> ORDER = Comparator.comparing(Stamp::moment).thenComparing(Stamp::webhookId);

    public Stamp {
        Objects.requireNonNull(webhookId, "webhookId");
        moment = moment.truncatedTo(PRECISION);
    }

    public boolean isAfter(Stamp other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Stamp other) {
        return ORDER.compare(this, other);
    }
}
