package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.polar.api.Delivery;
import dev.plinto.polar.polar.api.Polar;
import dev.plinto.polar.polar.api.PolarFailure;
import dev.plinto.polar.polar.api.WebhookEndpoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How Polar tried to deliver an event, by its own log, asked when somebody wants to know.
@ApplicationScoped
public class AttemptsAtPolar {

    /// Polar tries for less than an hour; clocks may differ.
    private static final Duration BEFORE = Duration.ofMinutes(5);
    private static final Duration AFTER = Duration.ofHours(2);
    /// Of Polar's log of that time; more of it is not read.
    private static final int PAGES = 10;

    private final Polar polar;
    private final Roles roles;
    private final AuditLog audit;

    AttemptsAtPolar(Polar polar, Roles roles, AuditLog audit) {
        this.polar = polar;
        this.roles = roles;
        this.audit = audit;
    }

    /// @param endpointId at Polar
    /// @param answered  the status that we answered; null where Polar got no answer
    /// @param succeeded by Polar's judgement
    @JsonNaming(SnakeCaseStrategy.class)
    record Attempt(String endpointId, String attemptedAt, Integer answered, boolean succeeded) {}

    /// @param complete false where Polar's log of that time is so long that it was not read to its end
    public record Attempts(List<Attempt> items, boolean complete) {}

    public Attempts of(Actor actor, FoundEvent event) throws InterruptedException {
        if (!roles.include(Role.RECONCILE)) {
            throw new Problem("role-not-running", 404, "This replica does not run the role reconcile",
                    "Asking Polar needs POLAR_ACCESS_TOKEN: send it to a replica with the roles api and reconcile.")
                    .exception();
        }
        return audit.record(actor, AuditLog.Action.ASK_POLAR_FOR_ATTEMPTS, event.webhookId(), () -> ask(event),
                attempts -> Format.count(attempts.items.size(), "attempt"));
    }

    private Attempts ask(FoundEvent event) throws InterruptedException {
        Instant emitted = Instant.parse(Optional.ofNullable(event.emittedAt()).orElse(event.receivedAt()));
        List<Attempt> found = new ArrayList<>();
        boolean complete = true;
        try {
            for (WebhookEndpoint endpoint : polar.endpoints().answer()) {
                int last = 1;
                for (int page = 1; page <= last && page <= PAGES; page++) {
                    Polar.Page<Delivery> log = polar.deliveries(endpoint.id(), emitted.minus(BEFORE),
                            emitted.plus(AFTER), page).answer();
                    log.items().stream().filter(delivery -> delivery.webhookId().equals(event.webhookId()))
                            .map(delivery -> attempt(endpoint, delivery)).forEach(found::add);
                    last = log.last();
                }
                complete = complete && last <= PAGES;
            }
        } catch (PolarFailure failure) {
            throw PolarProblem.of(failure);
        }
        return new Attempts(found, complete);
    }

    private static Attempt attempt(WebhookEndpoint endpoint, Delivery delivery) {
        return new Attempt(endpoint.id(), Rfc3339.format(delivery.attemptedAt()), delivery.answered().orElse(null),
                delivery.succeeded());
    }
}
