package dev.plinto.polar.reconcile;

import dev.plinto.polar.Bounds;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Settings of reconciliation.
@ConfigMapping(prefix = "polar")
public interface ReconcileConfig {

    Webhook webhook();

    Reconcile reconcile();

    interface Webhook {

        /// The URL of our endpoint at Polar (`POLAR_WEBHOOK_URL`), which identifies it. If unset, ours is the only
        /// endpoint with the raw format.
        Optional<URI> url();
    }

    interface Reconcile {

        /// From the end of one run to the next. If 0, runs start on request only, and the endpoint is not inspected.
        @WithDefault("1h")
        @Bounds(least = "1m", most = "30d", orZero = true)
        Duration period();

        /// How often our endpoint is inspected.
        @WithDefault("5m")
        @Bounds(least = "100ms", most = "1d")
        Duration inspection();

        /// The pause after a failed run or inspection.
        @WithDefault("1m")
        @Bounds(least = "100ms", most = "1h")
        Duration retry();

        /// How long a replica may reconcile without renewing its lease (`POLAR_RECONCILE_LEASE`). A killed replica
        /// keeps others from continuing its run for that long.
        @WithDefault("2m")
        @Bounds(least = "10s", most = "1h")
        Duration lease();

        /// Whether the service switches the endpoint on again when it is off.
        @WithDefault("false")
        boolean enableEndpoint();

        /// How many objects of a kind may be missing at Polar. If more are, a run ends none of them: the token may
        /// belong to another merchant.
        @WithDefault("100")
        @Bounds(least = "0", most = "1000000")
        int maxGone();

        /// How long after a run did not find an object at Polar another one must not find it either before it ends the
        /// object (`POLAR_RECONCILE_GONE_AFTER`): an outage at Polar must not count twice.
        @WithDefault("10m")
        @Bounds(least = "1m", most = "7d", orZero = true)
        Duration goneAfter();

        /// How many percent of the stored objects of a kind may be missing at Polar, if more than one is
        /// (`POLAR_RECONCILE_MAX_GONE_PERCENT`).
        @WithDefault("10")
        @Bounds(least = "1", most = "100")
        int maxGonePercent();
    }
}
