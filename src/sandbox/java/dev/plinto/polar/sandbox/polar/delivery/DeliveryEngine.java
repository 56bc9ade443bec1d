package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.sandbox.polar.EventLog.Due;
import dev.plinto.polar.sandbox.polar.EventLog.NextAttempt;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.provider.ClockedTasks;
import dev.plinto.polar.sandbox.provider.DeliveryFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.sandbox.provider.PostWebhook;
import dev.plinto.polar.sandbox.provider.SimulatedClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/// Delivers the simulated Polar's events as Polar does, until it is closed; the next engine continues with what is
/// still pending.
///
/// An event waits while an older one of its endpoint has had no attempt yet. It is attempted until an answer is 2xx (a
/// redirect is a failure), ten times at most, with growing pauses; so its late retries come after newer events. The
/// tenth event in a row that fails for good switches its endpoint off.
///
/// Each event is a virtual thread that waits on the clock; as many requests run at a time as there are workers.
public final class DeliveryEngine implements AutoCloseable {

    private static final Duration OVERTAKEN = Duration.ofSeconds(5);

    private final SimulatedPolar polar;
    private final SimulatedClock clock;
    private final DeliveryRules rules;
    private final SendWebhook sender;
    private final RandomGenerator jitter;
    private final Faults<DeliveryFault> faults;
    private final Semaphore workers;
    private final ClockedTasks tasks;

    private DeliveryEngine(
            SimulatedPolar polar, SimulatedClock clock, DeliveryRules rules, InstantSource machine, long seed) {
        this.polar = polar;
        this.clock = clock;
        this.rules = rules;
        sender = new SendWebhook(machine, rules.timeout());
        jitter = new Random(seed);
        faults = new Faults<>(new Random(seed + 1));
        workers = new Semaphore(rules.workers());
        tasks = new ClockedTasks(clock);
    }

    /// @param machine the clock for signatures
    /// @param seed of the jitter in the pauses, and of faults with a chance
    public static DeliveryEngine start(
            SimulatedPolar polar, SimulatedClock clock, DeliveryRules rules, InstantSource machine, long seed) {
        DeliveryEngine engine = new DeliveryEngine(polar, clock, rules, machine, seed);
        polar.exclusively(() -> {
            polar.eventLog().onDue(engine::take);
            polar.eventLog().pending().forEach(engine::take);
        });
        return engine;
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
        polar.exclusively(() -> polar.eventLog().onDue(due -> {}));
        tasks.close(sender::close, rules.timeout());
    }

    /// Delivers this event by the rules.
    public void take(Due due) {
        begin(due, Duration.ZERO);
    }

    /// Makes one attempt at once, ahead of waiting events. If it fails, the caller continues with [#retry(Due)].
    ///
    /// @return the status of the answer; empty if there was no answer, or nothing to send
    public Optional<Integer> attemptNow(Due due, Optional<DeliveryFault> fault) throws InterruptedException {
        NextAttempt next = polar.exclusively(() -> polar.eventLog().nextAttempt(due.event()));
        if (next.url() == null || next.payload() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(makeAttempt(next, fault).status());
    }

    /// Schedules the next attempt after a failed one.
    public void retry(Due due) {
        int attempts = polar.exclusively(() -> polar.eventLog().nextAttempt(due.event())).attempts();
        if (attempts < rules.attempts()) {
            begin(due, backoff(attempts));
        }
    }

    private void begin(Due due, Duration wait) {
        tasks.begin(wait, turn -> deliver(due, turn));
    }

    private void deliver(Due due, long turn) throws InterruptedException {
        Optional<NextAttempt> next = awaitTurn(due, turn);
        while (next.isPresent()) {
            if (attempt(next.get(), turn)) {
                return;
            }
            clock.sleep(turn, backoff(next.get().attempts() + 1));
            next = awaitTurn(due, turn);
        }
    }

    /// Empty if there is nothing to deliver any more.
    private Optional<NextAttempt> awaitTurn(Due due, long turn) throws InterruptedException {
        UUID event = due.event();
        while (true) {
            NextAttempt next = polar.exclusively(() -> polar.eventLog().nextAttempt(event));
            if (next.payload() == null || next.succeeded() && !due.redelivery()) {
                return Optional.empty();
            }
            if (next.url() == null) {
                polar.exclusively(() -> polar.eventLog().skip(event));
                return Optional.empty();
            }
            int older = polar.exclusively(() -> polar.eventLog().unattemptedBefore(event));
            if (older == 0) {
                return Optional.of(next);
            }
            clock.sleep(turn, rules.guard(older));
        }
    }

    /// @return whether this was the last attempt
    private boolean attempt(NextAttempt next, long turn) throws InterruptedException {
        Optional<DeliveryFault> fault = faults.take(next.type());
        if (fault.equals(Optional.of(DeliveryFault.REORDER))) {
            polar.exclusively(() -> polar.eventLog().allowOvertaking(next.webhookId()));
            clock.sleep(turn, OVERTAKEN);
        }
        PostWebhook.Result result = makeAttempt(next, fault);
        return result.succeeded() || next.attempts() + 1 >= rules.attempts();
    }

    private PostWebhook.Result makeAttempt(NextAttempt next, Optional<DeliveryFault> fault)
            throws InterruptedException {
        workers.acquire();
        try {
            PostWebhook.Result result = fault.isPresent() ? send(next, fault.get()) : sender.send(next);
            boolean last = next.attempts() + 1 >= rules.attempts();
            polar.exclusively(() -> polar.eventLog().recordAttempt(
                    next.webhookId(), result.status(), result.response(), last));
            return result;
        } finally {
            workers.release();
        }
    }

    private PostWebhook.Result send(NextAttempt next, DeliveryFault fault) throws InterruptedException {
        return switch (fault) {
            case LOST_ACKNOWLEDGEMENT -> {
                sender.send(next);
                yield new PostWebhook.Result(null, "the answer was lost");
            }
            case DROP -> new PostWebhook.Result(null, "the request was lost");
            case DUPLICATE -> {
                sender.send(next);
                yield sender.send(next);
            }
            case REORDER -> sender.send(next);
            case WRONG_KEY -> sender.sendWronglySigned(next);
        };
    }

    private synchronized Duration backoff(int attempts) {
        return rules.backoff(attempts, jitter);
    }
}
