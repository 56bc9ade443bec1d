package dev.plinto.polar.sandbox.polar.delivery;

import dev.plinto.polar.sandbox.polar.EventLog.Due;
import dev.plinto.polar.sandbox.polar.EventLog.Parcel;
import dev.plinto.polar.sandbox.polar.Faults;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Delivers what the simulated Polar emits, as Polar does, until it is closed; what is still pending then, the next one
/// takes up.
///
/// An event waits while an older one of its endpoint has had no attempt yet. It is attempted until an answer is 2xx (a
/// redirect is a failure like any other), ten times at most, with longer and longer pauses; so its late retries come
/// after newer events. The tenth event in a row that fails for good switches its endpoint off.
///
/// Each event is a virtual thread that waits on the clock; only so many as there are workers make a request at a time.
public final class DeliveryEngine implements AutoCloseable {

    private static final Duration OVERTAKEN = Duration.ofSeconds(5);

    private final SimulatedPolar polar;
    private final PolarClock clock;
    private final DeliveryRules rules;
    private final SendWebhook sender;
    private final RandomGenerator jitter;
    private final Faults<DeliveryFault> faults;
    private final Semaphore workers;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private DeliveryEngine(
            SimulatedPolar polar, PolarClock clock, DeliveryRules rules, InstantSource machine, long seed) {
        this.polar = polar;
        this.clock = clock;
        this.rules = rules;
        sender = new SendWebhook(machine, rules.timeout());
        jitter = new Random(seed);
        faults = new Faults<>(new Random(seed + 1));
        workers = new Semaphore(rules.workers());
    }

    /// @param machine the clock by which deliveries are signed
    /// @param seed of the jitter in the pauses, and of faults that happen now and then
    public static DeliveryEngine start(
            SimulatedPolar polar, PolarClock clock, DeliveryRules rules, InstantSource machine, long seed) {
        DeliveryEngine engine = new DeliveryEngine(polar, clock, rules, machine, seed);
        polar.exclusively(() -> {
            polar.eventLog().handTo(engine::take);
            polar.eventLog().pending().forEach(engine::take);
        });
        return engine;
    }

    /// What is to go wrong with attempts, by the type of the event.
    public Faults<DeliveryFault> faults() {
        return faults;
    }

    /// Lets time pass on the clock, until what was due in it has been attempted.
    public void pass(Duration time) throws InterruptedException {
        clock.advance(time);
    }

    @Override
    public void close() {
        polar.exclusively(() -> polar.eventLog().handTo(due -> {}));
        threads.shutdownNow();
        sender.close();
        try {
            threads.awaitTermination(rules.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Delivers this by the rules.
    public void take(Due due) {
        begin(due, Duration.ZERO);
    }

    /// Makes one attempt at once, whoever else waits. If it fails, the next one is left to [#retry(Due)].
    ///
    /// @return the status it was answered with; empty when there was no answer, or nothing to send
    public Optional<Integer> attemptNow(Due due, Optional<DeliveryFault> fault) throws InterruptedException {
        Parcel parcel = polar.exclusively(() -> polar.eventLog().parcel(due.event()));
        if (parcel.url() == null || parcel.payload() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(makeAttempt(parcel, fault).status());
    }

    /// Goes on with an event after a failed attempt, when it is time for the next one.
    public void retry(Due due) {
        int attempts = polar.exclusively(() -> polar.eventLog().parcel(due.event())).attempts();
        if (attempts < rules.attempts()) {
            begin(due, backoff(attempts));
        }
    }

    private void begin(Due due, Duration wait) {
        long turn = clock.begin();
        threads.execute(() -> {
            try {
                clock.sleep(turn, wait);
                deliver(due, turn);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } finally {
                clock.end();
            }
        });
    }

    private void deliver(Due due, long turn) throws InterruptedException {
        Optional<Parcel> parcel = awaitTurn(due, turn);
        while (parcel.isPresent()) {
            if (attempt(parcel.get(), turn)) {
                return;
            }
            clock.sleep(turn, backoff(parcel.get().attempts() + 1));
            parcel = awaitTurn(due, turn);
        }
    }

    /// Empty when there is nothing to deliver any more.
    private Optional<Parcel> awaitTurn(Due due, long turn) throws InterruptedException {
        UUID event = due.event();
        while (true) {
            Parcel parcel = polar.exclusively(() -> polar.eventLog().parcel(event));
            if (parcel.payload() == null || parcel.succeeded() && !due.redelivery()) {
                return Optional.empty();
            }
            if (parcel.url() == null) {
                polar.exclusively(() -> polar.eventLog().skip(event));
                return Optional.empty();
            }
            int older = polar.exclusively(() -> polar.eventLog().before(event));
            if (older == 0) {
                return Optional.of(parcel);
            }
            clock.sleep(turn, rules.guard(older));
        }
    }

    /// @return whether no other attempt is to follow
    private boolean attempt(Parcel parcel, long turn) throws InterruptedException {
        Optional<DeliveryFault> fault = faults.next(parcel.type());
        if (fault.equals(Optional.of(DeliveryFault.REORDER))) {
            polar.exclusively(() -> polar.eventLog().letPass(parcel.webhookId()));
            clock.sleep(turn, OVERTAKEN);
        }
        SendWebhook.Result result = makeAttempt(parcel, fault);
        return result.succeeded() || parcel.attempts() + 1 >= rules.attempts();
    }

    private SendWebhook.Result makeAttempt(Parcel parcel, Optional<DeliveryFault> fault) throws InterruptedException {
        workers.acquire();
        try {
            SendWebhook.Result result = fault.isPresent() ? send(parcel, fault.get()) : sender.send(parcel);
            boolean last = parcel.attempts() + 1 >= rules.attempts();
            polar.exclusively(() -> polar.eventLog().attempted(
                    parcel.webhookId(), result.status(), result.response(), last));
            return result;
        } finally {
            workers.release();
        }
    }

    private SendWebhook.Result send(Parcel parcel, DeliveryFault fault) throws InterruptedException {
        return switch (fault) {
            case LOST_ACKNOWLEDGEMENT -> {
                sender.send(parcel);
                yield new SendWebhook.Result(null, "the answer was lost");
            }
            case DROP -> new SendWebhook.Result(null, "the request was lost");
            case DUPLICATE -> {
                sender.send(parcel);
                yield sender.send(parcel);
            }
            case REORDER -> sender.send(parcel);
            case WRONG_KEY -> sender.sendWronglySigned(parcel);
        };
    }

    private synchronized Duration backoff(int attempts) {
        return rules.backoff(attempts, jitter);
    }
}
