package dev.plinto.polar.projection.census;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.telemetry.MetricsConfig;
import dev.plinto.polar.telemetry.PeriodicSample;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// The number of subscriptions by product. Every replica with the role projection reports all of them; the numbers are
/// unknown (`NaN`) if the database has not answered for a while.
///
/// The number of series is bounded: the 20 largest products, and `other`.
@ApplicationScoped
class SubscriptionMetrics {

    private static final String OTHER = "other";
    private static final int MAX_PRODUCTS = 20;
    /// Sampled less often than other gauges: counting reads all subscriptions, and no alert uses the result.
    private static final int PERIOD_FACTOR = 30;

    private final Roles roles;
    private final PeriodicSample<Map<String, SubscriptionCount>> sampled;
    private final MultiGauge active;
    private final MultiGauge ending;
    private final MultiGauge ended;

    SubscriptionMetrics(MeterRegistry registry, Pool pool, MetricsConfig config, Roles roles) {
        this.roles = roles;
        active = MultiGauge.builder("polar.active.subscriptions")
                .description("Subscriptions that began and have not ended, by product")
                .register(registry);
        ending = MultiGauge.builder("polar.ending.subscriptions")
                .description("Subscriptions that are canceled and go on until their period ends, by product")
                .register(registry);
        ended = MultiGauge.builder("polar.ended.subscriptions")
                .description("Subscriptions that ended within the last 30 days, by product")
                .register(registry);
        CensusStore store = new CensusStore(pool);
        sampled = new PeriodicSample<>("the number of subscriptions", config, PERIOD_FACTOR,
                () -> {
                    Map<String, SubscriptionCount> counts = bounded(store.subscriptions());
                    registerSeries(counts.keySet());
                    return counts;
                });
    }

    void start(@Observes StartupEvent event) {
        if (!roles.include(Role.PROJECTION)) {
            return;
        }
        registerSeries(Set.of(OTHER));
        sampled.start();
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        if (roles.include(Role.PROJECTION)) {
            sampled.stop();
        }
    }

    /// @param largestFirst by product
    static Map<String, SubscriptionCount> bounded(List<SubscriptionCount> largestFirst) {
        Map<String, SubscriptionCount> counts = new TreeMap<>();
        counts.put(OTHER, new SubscriptionCount(OTHER, 0, 0, 0));
        for (int i = 0; i < largestFirst.size(); i++) {
            SubscriptionCount count = largestFirst.get(i);
            counts.merge(i < MAX_PRODUCTS ? count.product() : OTHER, count, SubscriptionCount::plus);
        }
        return counts;
    }

    private void registerSeries(Set<String> products) {
        active.register(rows(products, SubscriptionCount::active));
        ending.register(rows(products, SubscriptionCount::ending));
        ended.register(rows(products, SubscriptionCount::ended));
    }

    private List<MultiGauge.Row<?>> rows(Set<String> products, ToLongFunction<SubscriptionCount> count) {
        return products.stream().<MultiGauge.Row<?>>map(product -> MultiGauge.Row.of(Tags.of("product", product),
                () -> sampled.current().map(counts -> counts.get(product))
                        .map(ofProduct -> (double) count.applyAsLong(ofProduct)).orElse(Double.NaN)))
                .toList();
    }
}
