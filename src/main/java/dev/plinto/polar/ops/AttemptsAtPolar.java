package dev.plinto.polar.ops;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Role;
import dev.plinto.polar.Roles;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
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
import org.jspecify.annotations.Nullable;

/// Polar's attempts to deliver an event, read from Polar's log on demand.
@ApplicationScoped
public class AttemptsAtPolar {

    /// Polar retries for less than an hour; clocks may differ.
    private static final Duration BEFORE = Duration.ofMinutes(5);
    private static final Duration AFTER = Duration.ofHours(2);
    /// The most that is read of Polar's log for that time.
    private static final int PAGES = 10;

    private final Polar polar;
    private final Roles roles;
    private final OrganizationOfEvent organization;
    private final AuditLog audit;

    AttemptsAtPolar(Polar polar, Roles roles, OrganizationOfEvent organization, AuditLog audit) {
        this.polar = polar;
        this.roles = roles;
        this.organization = organization;
        this.audit = audit;
    }

    /// @param endpointId at Polar
    /// @param answered   the HTTP status of our response; null if Polar got none
    /// @param succeeded  as judged by Polar
    @JsonNaming(SnakeCaseStrategy.class)
    record Attempt(String endpointId, String attemptedAt, @Nullable Integer answered, boolean succeeded) {}

    /// @param complete false if Polar's log for that time was too long to be read to its end
    public record Attempts(List<Attempt> items, boolean complete) {}

    /// Throws 404 `role-not-running` or 503 `polar-unavailable`.
    public Attempts of(Actor actor, FoundEvent event) throws InterruptedException {
        if (!roles.include(Role.RECONCILE)) {
            throw new Problem("role-not-running", 404, "This replica does not run the role reconcile",
                    "Reading Polar's log needs POLAR_ACCESS_TOKEN: send the call to a replica with the roles api and "
                            + "reconcile.")
                    .exception();
        }
        return audit.record(Entry.of(actor, Action.ASK_POLAR_FOR_ATTEMPTS, event.webhookId(), null)
                .ofOrganization(organization.of(event.webhookId())), () -> read(event),
                attempts -> Format.count(attempts.items.size(), "attempt"));
    }

    private Attempts read(FoundEvent event) throws InterruptedException {
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
