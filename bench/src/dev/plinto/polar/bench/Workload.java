package dev.plinto.polar.bench;

import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.testing.Lifecycle;
import java.util.List;
import java.util.stream.IntStream;

/// The delivered body.
final class Workload {

    /// A body as the simulated Polar sends it, the same in each run; bench/README.md states its size.
    static byte[] subscriptionUpdated() {
        List<Integer> choices = IntStream.rangeClosed(1, 10).boxed().toList();
        return Lifecycle.of(choices).events().stream()
                .filter(event -> event.type().equals("subscription.updated"))
                .map(WebhookEvent::body)
                .findFirst().orElseThrow();
    }

    private Workload() {}
}
