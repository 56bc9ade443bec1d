package dev.plinto.polar.ops;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Discards parked events that are not to be applied. A discarded event stays so when it is delivered again.
@ApplicationScoped
public class DiscardParkedEvents {

    private final DiscardStore store;
    private final AuditLog audit;

    DiscardParkedEvents(DiscardStore store, AuditLog audit) {
        this.store = store;
        this.audit = audit;
    }

    /// How many events were discarded.
    public record Discarded(int discarded) {}

    /// Blocks. Throws 404 `not-parked`.
    public Discarded one(Actor actor, String webhookId, DiscardReason reason) throws InterruptedException {
        ParkedEvents.requireName(webhookId);
        return discard(actor, webhookId, reason, store.one(webhookId), true);
    }

    /// All events of the selection that are parked now, or none if the database does not answer. Blocks. Throws 400
    /// `parameter-missing` for a selection of everything.
    public Discarded all(Actor actor, ParkedSelection selection, DiscardReason reason) throws InterruptedException {
        selection.requireReasonOrType();
        return discard(actor, selection.toString(), reason, store.all(selection), false);
    }

    private Discarded discard(Actor actor, String which, DiscardReason reason, Uni<Integer> discard, boolean isOne)
            throws InterruptedException {
        return audit.record(Entry.of(actor, Action.DISCARD_PARKED, which, reason.text()), () -> {
            int discarded = discard.await().indefinitely(); // has a timeout of its own
            Log.infof("Operator %s discarded %d parked events (%s)", actor.subject(), discarded, which);
            if (isOne && discarded == 0) {
                throw ParkedEvents.notParked();
            }
            return new Discarded(discarded);
        }, done -> Format.count(done.discarded, "event"));
    }
}
