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

        /// Where Polar is to deliver to (`POLAR_WEBHOOK_URL`), to tell our endpoint from others. Without it, ours is
        /// the only one with the raw format.
        Optional<URI> url();
    }

    interface Reconcile {

        /// From the end of one run to the next; 0: only when somebody asks for it, and the endpoint is not looked at.
        @WithDefault("1h")
        @Bounds(least = "0s", most = "30d")
        Duration period();

        /// How often our endpoint is looked at.
        @WithDefault("5m")
        @Bounds(least = "100ms", most = "1d")
        Duration inspection();

        /// How long is waited after a run or a look failed.
        @WithDefault("1m")
        @Bounds(least = "100ms", most = "1h")
        Duration retry();

        /// For how long a replica may reconcile without renewing its lease (`POLAR_RECONCILE_LEASE`), and thus how long
        /// one that is killed keeps others from going on.
        @WithDefault("2m")
        @Bounds(least = "10s", most = "1h")
        Duration lease();

        /// Whether an endpoint that is off is switched on again.
        @WithDefault("false")
        boolean enableEndpoint();

        /// How many objects of a kind may be lacking at Polar. With more, a run ends none of them: the token may be
        /// another merchant's.
        @WithDefault("100")
        @Bounds(least = "0", most = "1000000")
        int maxGone();
    }
}
