package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.ops.ReplayEvents.Replayed;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Events that could not be applied: lists them, shows one, and replays them once the cause is fixed. Only the
/// projection removes them, when it has applied them.
@ApplicationScoped
public class ParkedEvents {

    private final ParkedStore store;
    private final ReplayEvents replay;
    private final AuditLog audit;

    ParkedEvents(ParkedStore store, ReplayEvents replay, AuditLog audit) {
        this.store = store;
        this.replay = replay;
        this.audit = audit;
    }

    /// How many events were published again.
    public record Accepted(int replayed) {}

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

    /// Blocks. Throws 404 `not-parked`, or what [Replayed#requireAll()] throws.
    public Accepted replayOne(Actor actor, String webhookId) throws InterruptedException {
        requireName(webhookId);
        return replay(actor, webhookId,
                after -> after.equals(Cursor.BEFORE_ALL) ? store.one(webhookId) : Uni.createFrom().item(List.of()),
                true);
    }

    /// Blocks. Throws 400 `parameter-missing` for a selection of everything, or what
    /// [Replayed#requireAll()] throws.
    public Accepted replayAll(Actor actor, ParkedSelection selection) throws InterruptedException {
        selection.requireReasonOrType();
        return replay(actor, selection.toString(), after -> store.next(selection, after, ReplayEvents.BATCH), false);
    }

    /// @param requireSome whether to throw 404 `not-parked` if no event was found
    private Accepted replay(Actor actor, String which, Function<Cursor, Uni<List<ReplayableEvent>>> events,
            boolean requireSome) throws InterruptedException {
        return audit.record(actor, AuditLog.Action.REPLAY_PARKED, which, () -> {
            Replayed replayed = replay.all(events);
            Log.infof("Operator %s replayed %d parked events (%s)%s", actor.subject(), replayed.events(), which,
                    replayed.ending());
            replayed.requireAll();
            if (requireSome && replayed.events() == 0) {
                throw notParked();
            }
            return new Accepted(replayed.events());
        }, accepted -> Format.count(accepted.replayed, "event"));
    }

    private static ParkedEvent.Page page(List<ParkedEvent> found, int limit) {
        if (found.size() <= limit) {
            return new ParkedEvent.Page(found, null);
        }
        List<ParkedEvent> items = found.subList(0, limit);
        return new ParkedEvent.Page(items, items.getLast().cursor().encode());
    }

    private static void requireName(String webhookId) {
        if (!ParkedSelection.isName(webhookId)) {
            throw notParked();
        }
    }

    private static WebApplicationException notParked() {
        return new Problem("not-parked", 404, "No event with this webhook id is parked",
                "It has been applied meanwhile, or was never parked.").exception();
    }
}
