package dev.plinto.polar.reconcile;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

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
        @DurationMax(days = 30)
        Duration period();

        /// How often our endpoint is looked at.
        @WithDefault("5m")
        @DurationMin(millis = 100)
        @DurationMax(days = 1)
        Duration inspection();

        /// How long is waited after a run or a look failed.
        @WithDefault("1m")
        @DurationMin(millis = 100)
        @DurationMax(hours = 1)
        Duration retry();

        /// Whether an endpoint that is off is switched on again.
        @WithDefault("false")
        boolean enableEndpoint();

        /// How many objects of a kind may be lacking at Polar. With more, a run ends none of them: the token may be
        /// another merchant's.
        @WithDefault("100")
        @Min(0)
        @Max(1_000_000)
        int maxGone();
    }
}
