package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.ops.ReplayEvents.Replayed;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Events that could not be applied: lists them, shows one, and replays them once the cause is fixed. The projection
/// removes them when it has applied them, and [DiscardParkedEvents] those that are not to be applied.
@ApplicationScoped
public class ParkedEvents {

    private final ParkedStore store;
    private final ReplayEvents replay;
    private final OrganizationOfEvent organization;
    private final AuditLog audit;

    ParkedEvents(ParkedStore store, ReplayEvents replay, OrganizationOfEvent organization, AuditLog audit) {
        this.store = store;
        this.replay = replay;
        this.organization = organization;
        this.audit = audit;
    }

    /// How many events were published again, and how many could not be because their bodies are no longer kept.
    public record Accepted(int replayed, @JsonProperty("payload_gone") int payloadGone) {}

    /// Oldest first.
    ///
    /// @param after the cursor of the page before; null for the first page
    public Uni<ParkedEvent.Page> list(ParkedSelection selection, @Nullable String after, int limit) {
        Cursor cursor = after == null ? Cursor.BEFORE_ALL : Cursor.decode(after);
        return store.list(selection, cursor, limit).map(found -> page(found, limit));
    }

    /// With its payload, in which personal data is masked. Fails with 404 `not-parked`.
    public Uni<ParkedEvent.WithPayload> details(String webhookId) {
        requireName(webhookId);
        return store.find(webhookId).map(found -> found.orElseThrow(ParkedEvents::notParked));
    }

    /// Blocks. Throws 404 `not-parked`, 409 `payload-gone`, or what [Replayed#requireAll()] throws.
    public Accepted replayOne(Actor actor, String webhookId) throws InterruptedException {
        requireName(webhookId);
        return replay(actor, webhookId, organization.of(webhookId),
                after -> after.equals(Cursor.BEFORE_ALL) ? store.one(webhookId) : Uni.createFrom().item(List.of()),
                true);
    }

    /// Blocks. Throws 400 `parameter-missing` for a selection of everything, or what
    /// [Replayed#requireAll()] throws.
    public Accepted replayAll(Actor actor, ParkedSelection selection) throws InterruptedException {
        selection.requireReasonOrType();
        return replay(actor, selection.toString(), Optional.empty(),
                after -> store.next(selection, after, ReplayEvents.BATCH), false);
    }

    /// @param isOne whether to throw a problem if there is no such event, or if its body is no longer kept
    private Accepted replay(Actor actor, String which, Optional<String> organization,
            Function<Cursor, Uni<List<ReplayableEvent>>> events,
            boolean isOne) throws InterruptedException {
        return audit.record(Entry.of(actor, Action.REPLAY_PARKED, which, null).ofOrganization(organization), () -> {
            Replayed replayed = replay.all(events);
            Log.infof("Operator %s replayed %d parked events (%s)%s%s", actor.subject(), replayed.events(), which,
                    replayed.bodyGone() == 0 ? "" : ", and skipped " + replayed.bodyGone() + " without a body",
                    replayed.ending());
            replayed.requireAll();
            if (isOne && replayed.events() == 0) {
                throw replayed.bodyGone() == 0 ? notParked() : payloadGone();
            }
            return new Accepted(replayed.events(), replayed.bodyGone());
        }, accepted -> Format.count(accepted.replayed, "event"));
    }

    private static ParkedEvent.Page page(List<ParkedEvent> found, int limit) {
        if (found.size() <= limit) {
            return new ParkedEvent.Page(found, null);
        }
        List<ParkedEvent> items = found.subList(0, limit);
        return new ParkedEvent.Page(items, items.getLast().cursor().encode());
    }

    static void requireName(String webhookId) {
        if (!ParkedSelection.isName(webhookId)) {
            throw notParked();
        }
    }

    static WebApplicationException notParked() {
        return new Problem("not-parked", 404, "No event with this webhook id is parked",
                "It has been applied or discarded meanwhile, or was never parked.").exception();
    }

    private static WebApplicationException payloadGone() {
        return new Problem("payload-gone", 409, "The body of this event is no longer kept",
                "It was parked for longer than POLAR_RETENTION_PARKED and cannot be replayed. Run reconciliation to "
                        + "bring its objects to Polar's state, then discard it.")
                .exception();
    }
}
