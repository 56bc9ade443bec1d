package dev.plinto.polar.ingress;

import dev.plinto.polar.Bounds;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// Settings of the ingress.
@ConfigMapping(prefix = "polar")
public interface IngressConfig {

    Webhook webhook();

    Ingress ingress();

    interface Webhook {

        /// The largest body that is accepted. Polar documents no limit; its events are below 100 KiB. The raw topic
        /// accepts messages up to 2 MiB, headers included.
        @WithDefault("1M")
        @Bounds(least = "128K", most = "1984K")
        MemorySize maxBody();
    }

    interface Ingress {

        /// Deliveries that may wait for the broker at once. Further ones are refused, so that memory stays bounded.
        @WithDefault("2048")
        @Bounds(least = "1", most = "100000")
        int maxInFlight();

        /// How long the broker may take to acknowledge. Polar wants an answer within 2 s: what the broker did not take
        /// is written to the spool in the rest of that time (`Spool.MIN_TIMEOUT`).
        @WithDefault("1s")
        @Bounds(least = "100ms", most = "1200ms")
        Duration publishTimeout();

        /// Deliveries that the spool may hold while the broker is away. Further ones are refused, so that the disk does
        /// not fill up.
        @WithDefault("1000000")
        @Bounds(least = "0", most = "100000000")
        long spoolMaxEvents();

        /// The `Retry-After` of a 503. Polar ignores it and follows its own back-off.
        @WithDefault("5s")
        @Bounds(least = "1s", most = "1h")
        Duration retryAfter();
    }
}
