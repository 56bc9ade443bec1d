package dev.plinto.polar.usage;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.CallCheck;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.Needs;
import dev.plinto.polar.caller.Needs.OrganizationIn;
import dev.plinto.polar.caller.Permission;
import io.quarkus.oidc.BearerTokenAuthentication;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes metered events: answers 202 once they are durable, each counted once however often it is sent. All events of a
/// request are taken, or none of them.
@Path("/api/v1/polar/usage")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Authenticated
@BearerTokenAuthentication
@Needs(value = Permission.SEND_CLIENT_USAGE, organization = OrganizationIn.METHOD)
public class TakeUsage {

    private static final int MOST_KEYS_TOLD = 50;

    private final UsageIntake intake;
    private final CallCheck check;
    private final UsageMetrics metrics;
    private final InstantSource clock;
    private final Set<String> clientEvents;

    TakeUsage(UsageIntake intake, CallCheck check, UsageMetrics metrics, UsageConfig config, InstantSource clock) {
        this.intake = intake;
        this.check = check;
        this.metrics = metrics;
        this.clock = clock;
        clientEvents = config.clientEvents().orElse(Set.of()).stream().map(String::strip)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @param idempotencyKeys of the events, in their order: what an event that was sent without one is repeated by
    @JsonNaming(SnakeCaseStrategy.class)
    public record Receipt(int accepted, int duplicates, List<String> idempotencyKeys) {

        public Receipt {
            idempotencyKeys = List.copyOf(idempotencyKeys);
        }

        /// Without the keys, which may be personal.
        @Override
        public String toString() {
            return "Receipt[accepted=" + accepted + ", duplicates=" + duplicates + "]";
        }
    }

    @POST
    public Uni<Response> take(byte[] body) {
        SentUsage sent = new SentUsage(body);
        try {
            List<UsageEvent> events = read(sent);
            return intake.take(events).map(outcome -> switch (outcome) {
                case Outcome.Taken taken -> accepted(taken, events);
                case Outcome.Refused refused -> {
                    metrics.refused(events.size());
                    yield keyReused(refused).response();
                }
            });
        } catch (RuntimeException refused) {
            metrics.refused(sent.size());
            throw refused;
        }
    }

    private List<UsageEvent> read(SentUsage sent) {
        Optional<String> own = check.ownOrganization();
        sent.organizations(own).forEach(check::require);
        Caller caller = check.caller();
        if (caller instanceof Caller.Person) {
            sent.requireNamesOf(clientEvents);
        }
        return sent.read(own, caller, clock.instant());
    }

    private Response accepted(Outcome.Taken taken, List<UsageEvent> events) {
        metrics.accepted(taken.accepted());
        metrics.duplicate(taken.duplicates());
        return Response.accepted(new Receipt(taken.accepted(), taken.duplicates(),
                events.stream().map(UsageEvent::key).toList())).build();
    }

    private static Problem keyReused(Outcome.Refused refused) {
        return new Problem("usage-key-reused", 409, "The key of an event was used for another one",
                "Nothing was taken. An event that is sent again has the same name and quantity; another event needs "
                        + "another key.")
                .with("reused", refused.reused().stream().limit(MOST_KEYS_TOLD).toList());
    }
}
