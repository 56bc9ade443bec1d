package dev.plinto.polar.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// The counter of statements that a linked customer has no `external_id`, read from an event or from Polar's API.
public final class ExternalIdDropped {

    /// The same counter at each call, which exists from the first one on.
    public static Counter counter(MeterRegistry registry) {
        return Counter.builder("polar.external.id.dropped")
                .description(
                        "Statements of Polar's that a customer who is linked to an organization has no external_id; "
                                + "the customer stays linked")
                .register(registry);
    }

    private ExternalIdDropped() {}
}
