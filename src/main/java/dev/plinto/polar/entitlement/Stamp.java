package dev.plinto.polar.entitlement;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Objects;

/// As of when something was said, by Polar's clock, and in which webhook. The order of stamps is the order in which
/// statements count; the order in which they arrive does not matter. Ties go to the greater webhook id, as ASCII.
public record Stamp(Instant moment, String webhookId) implements Comparable<Stamp> {

    private static final Comparator<Stamp> ORDER = Comparator.comparing(Stamp::moment).thenComparing(Stamp::webhookId);

    public Stamp {
        Objects.requireNonNull(webhookId, "webhookId");
        moment = moment.truncatedTo(ChronoUnit.MICROS); // what PostgreSQL keeps, so that both compare alike
    }

    public boolean isAfter(Stamp other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Stamp other) {
        return ORDER.compare(this, other);
    }
}
