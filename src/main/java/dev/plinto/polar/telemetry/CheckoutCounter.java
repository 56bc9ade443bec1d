package dev.plinto.polar.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// The counter of the checkouts that applications asked this service for.
public final class CheckoutCounter {

    /// The same counter at each call, which exists from the first one on.
    public static Counter of(MeterRegistry registry, String outcome) {
        return Counter.builder("polar.checkouts")
                .description("Checkouts that applications asked this service for: made, and how they ended")
                .tag("provider", "polar")
                .tag("outcome", outcome)
                .register(registry);
    }

    private CheckoutCounter() {}
}
