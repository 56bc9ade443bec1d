package dev.plinto.polar.deploy;

import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.Subscriptions;
import dev.plinto.polar.sandbox.polar.WebhookEvent;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.SignedDelivery;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// A simulated Polar at which something changes every 200 ms. Each event is delivered to one receiver after the other
/// until one acknowledges it. Its API serves the true state, for reconciliation.
final class BusyPolar implements AutoCloseable {

    private static final long MOMENT_MILLIS = 200;
    private static final long PAUSE_MILLIS = 100;

    private final Random random = new Random(11);
    private final SimulatedPolar polar = new SimulatedPolar(InstantSource.system(), random);
    private final PolarServer api = PolarServer.start(polar);
    private final List<UUID> customers = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(4);
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private volatile IntFunction<URI> receivers = attempt -> null;
    private volatile boolean open;

    BusyPolar(String endpoint) {
        polar.webhooks().createEndpoint(endpoint, LocalCluster.SECRET);
    }

    URI apiUrl() {
        return api.apiUrl();
    }

    /// @param to the receiver of the attempt with this number
    void open(IntFunction<URI> to) {
        receivers = to;
        open = true;
        timer.scheduleAtFixedRate(() -> emitted().forEach(this::deliver), 0, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Webhook ids of acknowledged events.
    Set<String> acknowledged() {
        return acknowledged;
    }

    int pending() {
        return pending.get();
    }

    Set<String> liveGrants() {
        return polar.exclusively(() -> {
            Set<String> live = new TreeSet<>();
            customers.forEach(customer -> polar.grants().live(customer).forEach(grant -> live.add(grant.toString())));
            return live;
        });
    }

    /// Stops further changes; emitted events are still delivered.
    void stop() {
        open = false;
    }

    private List<WebhookEvent> emitted() {
        if (!open) {
            return List.of();
        }
        return polar.exclusively(() -> {
            act();
            List<WebhookEvent> events = polar.takeEvents();
            pending.addAndGet(events.size());
            return events;
        });
    }

    private void act() {
        if (customers.size() < 10 || random.nextInt(4) == 0) {
            customers.add(polar.customers().create("org-" + customers.size()));
            polar.checkouts().purchase(customers.getLast(), polar.catalogue().pro(), Map.of());
            return;
        }
        Subscriptions subscriptions = polar.subscriptions();
        List<Consumer<UUID>> choices = List.of(subscriptions::cancelAtPeriodEnd, subscriptions::uncancel,
                subscriptions::renew,
                subscriptions::failToRenew, subscriptions::recoverPayment, subscriptions::endPeriod);
        try {
            choices.get(random.nextInt(choices.size()))
                    .accept(subscriptions.of(customers.get(random.nextInt(customers.size()))).getFirst());
        } catch (IllegalStateException makesNoSenseNow) {
            // the next change may be possible
        }
    }

    private void deliver(WebhookEvent event) {
        if (isAccepted(event)) {
            acknowledged.add(event.webhookId());
            pending.decrementAndGet();
        } else {
            timer.schedule(() -> deliver(event), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isAccepted(WebhookEvent event) {
        try {
            return SignedDelivery.of(event.webhookId(), event.body(), Instant.now(),
                    LocalCluster.SECRET.getBytes(StandardCharsets.UTF_8))
                    .send(receivers.apply(attempts.getAndIncrement())).statusCode() == 202;
        } catch (UncheckedIOException away) {
            return false;
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        api.close();
    }
}
