package dev.plinto.polar.sandbox.conekta.delivery;

import dev.plinto.polar.sandbox.conekta.EventLog.Due;
import dev.plinto.polar.sandbox.conekta.EventLog.NextAttempt;
import dev.plinto.polar.sandbox.conekta.SimulatedConekta;
import dev.plinto.polar.sandbox.provider.ClockedTasks;
import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.PostWebhook;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;

/// Delivers the simulated Conekta's events until it is closed. An event is attempted until an answer is 2xx (a redirect
/// is a failure), by [RetryRules]. Each event is on its own: Conekta promises no order between them.
public final class ConektaDelivery implements AutoCloseable {

    private static final Duration OVERTAKEN = Duration.ofSeconds(5);

    private final SimulatedConekta conekta;
    private final SimulatedClock clock;
    private final RetryRules rules;
    private final PostWebhook post;
    private final Faults<DeliveryFault> faults;
    private final Semaphore workers;
    private final ClockedTasks tasks;

    private ConektaDelivery(SimulatedConekta conekta, SimulatedClock clock, RetryRules rules, long seed) {
        this.conekta = conekta;
        this.clock = clock;
        this.rules = rules;
        post = new PostWebhook(rules.timeout());
        faults = new Faults<>(new Random(seed));
        workers = new Semaphore(rules.workers());
        tasks = new ClockedTasks(clock);
    }

    /// @param seed of faults with a chance
    public static ConektaDelivery start(
            SimulatedConekta conekta, SimulatedClock clock, RetryRules rules, long seed) {
        ConektaDelivery delivery = new ConektaDelivery(conekta, clock, rules, seed);
        conekta.exclusively(() -> {
            conekta.eventLog().onDue(delivery::take);
            conekta.eventLog().pending().forEach(delivery::take);
        });
        return delivery;
    }

    /// The faults to inject into attempts, by the type of the event.
    public Faults<DeliveryFault> faults() {
        return faults;
    }

    /// Advances the clock; returns when all attempts that were due in that time were made.
    public void pass(Duration time) throws InterruptedException {
        clock.advance(time);
    }

    @Override
    public void close() {
        conekta.exclusively(() -> conekta.eventLog().onDue(due -> {}));
        tasks.close(post::close, rules.timeout());
    }

    /// Delivers it by the rules from now on.
    public void take(Due due) {
        tasks.begin(Duration.ZERO, turn -> deliver(due, turn));
    }

    /// Makes the next attempt, outside the rules.
    ///
    /// @return the HTTP status; empty if no answer came
    public Optional<Integer> attemptNow(Due due) throws InterruptedException {
        NextAttempt next = next(due);
        return Optional.ofNullable(attempt(due, next, faults.take(next.type())).status());
    }

    /// As [#take], after the pause that follows the attempts so far.
    public void retry(Due due) {
        tasks.begin(rules.pause(next(due).attempts()), turn -> deliver(due, turn));
    }

    private void deliver(Due due, long turn) throws InterruptedException {
        for (NextAttempt next = next(due); next.url() != null && !next.delivered(); next = next(due)) {
            Optional<DeliveryFault> fault = faults.take(next.type());
            if (fault.equals(Optional.of(DeliveryFault.REORDER))) {
                clock.sleep(turn, OVERTAKEN);
            }
            boolean delivered = attempt(due, next, fault).succeeded();
            int attempts = next.attempts() + 1;
            if (delivered || attempts > rules.retries()) {
                return;
            }
            clock.sleep(turn, rules.pause(attempts));
        }
    }

    private NextAttempt next(Due due) {
        return conekta.exclusively(() -> conekta.eventLog().nextAttempt(due));
    }

    private PostWebhook.Result attempt(Due due, NextAttempt next, Optional<DeliveryFault> fault)
            throws InterruptedException {
        workers.acquire();
        try {
            PostWebhook.Result result = fault.isPresent() ? send(next, fault.get()) : send(next, signed(next));
            conekta.exclusively(() -> conekta.eventLog().recordAttempt(due, result.status()));
            return result;
        } finally {
            workers.release();
        }
    }

    private PostWebhook.Result send(NextAttempt next, DeliveryFault fault) throws InterruptedException {
        return switch (fault) {
            case LOST_ACKNOWLEDGEMENT -> {
                send(next, signed(next));
                yield new PostWebhook.Result(null, "the answer was lost");
            }
            case DROP -> new PostWebhook.Result(null, "the request was lost");
            case DUPLICATE -> {
                send(next, signed(next));
                yield send(next, signed(next));
            }
            case REORDER -> send(next, signed(next));
            case WRONG_KEY -> send(next, Map.of("DIGEST",
                    conekta.exclusively(() -> conekta.webhooks().digestOfUnknownKey(next.body()))));
        };
    }

    private PostWebhook.Result send(NextAttempt next, Map<String, String> headers) throws InterruptedException {
        return post.send(next.url(), headers, next.body());
    }

    /// Without a key there is no signature.
    private Map<String, String> signed(NextAttempt next) {
        return conekta.exclusively(() -> conekta.webhooks().digest(next.body()))
                .map(digest -> Map.of("DIGEST", digest)).orElse(Map.of());
    }
}
