package dev.plinto.polar.billing;

import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.OrganizationCustomers.OwnCustomer;
import dev.plinto.polar.postgres.DatabaseAway;
import dev.plinto.polar.telemetry.LastingThreads;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Registers the customers for whom nobody waits. Every replica that takes requests does it, each another one; what a
/// replica leaves undone when it is killed, another one does after the lease. Registering twice creates one customer.
@ApplicationScoped
class RegisterWaitingCustomers {

    private static final Duration PERIOD = Duration.ofSeconds(1);
    /// Longer than all calls of one registration take, each of which has a time limit.
    static final Duration LEASE = Duration.ofMinutes(2);
    /// After which it is not tried any more, since the request is personal.
    static final Duration PATIENCE = Duration.ofDays(2);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 10;
    private static final int LEAST_FAULT = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private final CustomerRequestStore store;
    private final CustomerRegistration registration;
    private final AuditLog audit;
    private final Roles roles;
    private @Nullable ScheduledExecutorService thread;

    RegisterWaitingCustomers(CustomerRequestStore store, CustomerRegistration registration, AuditLog audit,
            Roles roles) {
        this.store = store;
        this.registration = registration;
        this.audit = audit;
        this.roles = roles;
    }

    void start(@Observes StartupEvent event) {
        if (roles.include(Role.API)) {
            thread = LastingThreads.scheduler("waiting customers");
            thread.scheduleWithFixedDelay(this::registerOrRetryLater, PERIOD.toMillis(), PERIOD.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void registerOrRetryLater() {
        try {
            registerDue();
        } catch (RuntimeException failure) {
            Log.warnf("Cannot see which customers are to be registered; retrying in %d s: %s", PERIOD.toSeconds(),
                    DatabaseAway.describe(failure));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /// Until none is due, or one has failed: the next would fail likewise.
    private void registerDue() throws InterruptedException {
        Optional<CustomerRequest.Attempt> due = store.take(LEASE);
        while (due.isPresent() && register(due.get())) {
            due = store.take(LEASE);
        }
    }

    /// Whether it is done with.
    private boolean register(CustomerRequest.Attempt attempt) throws InterruptedException {
        try {
            ProviderCall<OwnCustomer> call = () -> registration.register(attempt.wanted(), attempt.actor(), () -> {});
            call.orProblem();
        } catch (WebApplicationException problem) {
            int status = problem.getResponse().getStatus();
            if (status >= LEAST_FAULT || status == TOO_MANY_REQUESTS) {
                return retryOrGiveUp(attempt, "status " + status);
            }
            recordRefusal(attempt, problem);
        } catch (RuntimeException fault) {
            Log.errorf(fault, "The customer of an organization cannot be registered by a fault of this service");
            return retryOrGiveUp(attempt, "internal error");
        }
        store.forget(attempt);
        return true;
    }

    private boolean retryOrGiveUp(CustomerRequest.Attempt attempt, String why) {
        if (attempt.waited().compareTo(PATIENCE) > 0) {
            Log.warnf(
                    "Gave up to register a customer after %d h, at attempt %d: %s. The organization gets one with its "
                            + "first checkout",
                    PATIENCE.toHours(), attempt.number(), why);
            store.forget(attempt);
        } else {
            store.retry(attempt, wait(attempt.number()));
        }
        return false;
    }

    private static Duration wait(int attempt) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    /// Nobody else is told.
    private void recordRefusal(CustomerRequest.Attempt attempt, WebApplicationException refusal) {
        Entry entry = new Entry(attempt.actor(), Action.REGISTER_CUSTOMER, attempt.wanted().organization(), null, null,
                null, null);
        try {
            audit.record(entry, () -> {
                throw refusal;
            }, Object::toString);
        } catch (WebApplicationException recorded) {
            if (recorded.getResponse().getStatus() >= LEAST_FAULT) { // the database is away
                throw recorded;
            }
        }
    }
}
