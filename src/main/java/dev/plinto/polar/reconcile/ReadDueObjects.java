package dev.plinto.polar.reconcile;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.conekta.ConektaCatalogue;
import dev.plinto.polar.conekta.ConektaConfig;
import dev.plinto.polar.conekta.ConektaDialect;
import dev.plinto.polar.conekta.ConektaSnapshot;
import dev.plinto.polar.conekta.api.Answered;
import dev.plinto.polar.conekta.api.Conekta;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.conekta.api.FailureReason;
import dev.plinto.polar.entitlement.DueRead;
import dev.plinto.polar.ingress.RawEvent;
import dev.plinto.polar.ingress.RawTopic;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.reconcile.DueReadQueue.Taken;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Reads Conekta's objects that must be read, and lets each in as a snapshot through the raw topic. A read counts as
/// done only once its snapshot is durable there. All replicas with the role reconcile share the reads; one that fails
/// is tried again later, and holds up no other.
@ApplicationScoped
class ReadDueObjects {

    private static final int READERS = 3;
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 7;

    private final DueReadQueue queue;
    private final Conekta conekta;
    private final ConektaDialect dialect;
    private final ConektaConfig config;
    private final ConektaCatalogue catalogue;
    private final RawTopic rawTopic;
    private final InstantSource clock;
    private final Roles roles;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> lastLogged = new AtomicReference<>();
    private final List<Thread> readers = IntStream.rangeClosed(1, READERS)
            .mapToObj(number -> LastingThreads.unstarted("due-reads-" + number, () -> run(number == 1))).toList();

    ReadDueObjects(DueReadQueue queue, Conekta conekta, ConektaDialect dialect, ConektaConfig config,
            ConektaCatalogue catalogue, RawTopic rawTopic, InstantSource clock, Roles roles) {
        this.queue = queue;
        this.conekta = conekta;
        this.dialect = dialect;
        this.config = config;
        this.catalogue = catalogue;
        this.rawTopic = rawTopic;
        this.clock = clock;
        this.roles = roles;
    }

    void start(@Observes @Priority(ReconcileWithPolar.AFTER_EVERYTHING_ELSE) StartupEvent event) {
        if (isOn()) {
            readers.forEach(Thread::start);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        for (Thread reader : readers) {
            reader.interrupt();
            if (reader.isAlive()) {
                reader.join(Duration.ofSeconds(5));
            }
        }
    }

    boolean isOn() {
        return roles.include(Role.RECONCILE) && config.isOn();
    }

    /// @param addsPeriods whether this reader looks for periods that ended and, once, for plans that are mapped now
    private void run(boolean addsPeriods) {
        boolean addsPlans = addsPeriods;
        try {
            do {
                try {
                    if (addsPlans) {
                        queue.addMappedPlans(mappedPlans(), clock.instant());
                        addsPlans = false;
                    }
                    if (addsPeriods) {
                        queue.addEndedPeriods(clock.instant());
                    }
                    while (stopping.getCount() > 0 && readNext()) {
                        // until nothing is due
                    }
                } catch (RuntimeException failed) {
                    report(failed);
                }
            } while (!stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Log.debug("Due reads have stopped");
        }
    }

    /// Settings change with the start of a replica.
    private List<String> mappedPlans() {
        return catalogue.plans().stream().map(plan -> dialect.idPrefix() + plan).toList();
    }

    /// Whether one was due.
    boolean readNext() throws InterruptedException {
        Optional<Taken> taken = queue.take(clock.instant());
        if (taken.isEmpty()) {
            return false;
        }
        DueRead read = taken.get().read();
        try {
            Optional<Answered> answer = ask(read);
            if (answer.isPresent()) {
                ConektaSnapshot snapshot = ConektaSnapshot.of(read.kind(), answer.get().object(), answer.get().at(),
                        config.sandbox());
                rawTopic.publish(RawEvent.snapshot(dialect, snapshot.id(), snapshot.body(), clock.instant(),
                        RawEvent.Origin.RECONCILE)).await().atMost(PUBLISH_TIMEOUT);
                queue.read(taken.get(), snapshot.moment(), clock.instant());
            } else {
                queue.gone(taken.get());
                Log.infof("Conekta does not have %s any more, which was to be read (%s): what is known of it stays",
                        read.id(), read.reason().wireName());
            }
            lastLogged.set(null);
        } catch (ConektaFailure failed) {
            report(failed.getMessage());
            queue.failed(taken.get(), clock.instant().plus(pause(taken.get(), failed.reason())));
        } catch (RawTopic.NotDurable brokerAway) {
            report(brokerAway.getMessage());
            queue.failed(taken.get(), clock.instant().plus(pause(taken.get().failures())));
        }
        return true;
    }

    private Optional<Answered> ask(DueRead read) throws InterruptedException {
        return switch (read.kind()) {
            case ORDER -> conekta.order(own(read.id()));
            case SUBSCRIPTION -> conekta.subscription(own(Objects.requireNonNull(read.customer(),
                    "a subscription of Conekta's names its customer")), own(read.id()));
        };
    }

    /// As Conekta knows it.
    private String own(String id) {
        return id.substring(dialect.idPrefix().length());
    }

    private static Duration pause(Taken taken, FailureReason reason) {
        Duration usual = pause(taken.failures());
        return reason instanceof FailureReason.RateLimited(Duration asked) && asked.compareTo(usual) > 0
                ? asked
                : usual;
    }

    private static Duration pause(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void report(RuntimeException failed) {
        if (DatabaseAway.isCauseOf(failed)) {
            report(DatabaseAway.describe(failed));
        } else if (stopping.getCount() > 0 && !failed.toString().equals(lastLogged.getAndSet(failed.toString()))) {
            Log.error("Due reads failed by a fault of this service, and will be tried again", failed);
        }
    }

    /// A lasting failure once.
    private void report(@Nullable String failure) {
        if (stopping.getCount() > 0 && !Objects.equals(failure, lastLogged.getAndSet(failure))) {
            Log.warnf("An object of Conekta's that must be read could not be read, and will be tried again: %s",
                    failure);
        }
    }
}
