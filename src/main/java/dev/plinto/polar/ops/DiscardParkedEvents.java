package dev.plinto.polar.ops;

import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.ops.DiscardStore.Slice;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.Instant;
import java.util.Optional;

/// Discards parked events that are not to be applied. A discarded event stays so when it is delivered again.
@ApplicationScoped
public class DiscardParkedEvents {

    private final DiscardStore store;
    private final OrganizationOfEvent organization;
    private final AuditLog audit;

    DiscardParkedEvents(DiscardStore store, OrganizationOfEvent organization, AuditLog audit) {
        this.store = store;
        this.organization = organization;
        this.audit = audit;
    }

    /// How many events were discarded.
    public record Discarded(int discarded) {}

    /// Blocks. Throws 404 `not-parked`.
    public Discarded one(Actor actor, String webhookId, DiscardReason reason) throws InterruptedException {
        ParkedEvents.requireName(webhookId);
        return audit.record(Entry.of(actor, Action.DISCARD_PARKED, webhookId, reason.text())
                .ofOrganization(organization.of(webhookId)), () -> {
                    int discarded = store.one(webhookId).await().indefinitely(); // has a timeout of its own
                    report(actor, discarded, webhookId, "");
                    if (discarded == 0) {
                        throw ParkedEvents.notParked();
                    }
                    return new Discarded(discarded);
                }, DiscardParkedEvents::result);
    }

    /// All events of the selection that are parked when it begins, in transactions of a few hundred: however many they
    /// are, each has its time. Blocks. Throws 400 `parameter-missing` for a selection of everything, 503
    /// `discard-incomplete` if the database does not answer before the last one.
    public Discarded all(Actor actor, ParkedSelection selection, DiscardReason reason) throws InterruptedException {
        selection.requireReasonOrType();
        return audit.record(Entry.of(actor, Action.DISCARD_PARKED, selection.toString(), reason.text()),
                () -> inSlices(actor, selection), DiscardParkedEvents::result);
    }

    private Discarded inSlices(Actor actor, ParkedSelection selection) {
        int discarded = 0;
        try {
            Instant begun = store.now().await().indefinitely(); // each has a timeout of its own
            Cursor after = Cursor.BEFORE_ALL;
            while (true) {
                Optional<Slice> slice = store.next(selection, begun, after).await().indefinitely();
                if (slice.isEmpty()) {
                    report(actor, discarded, selection.toString(), "");
                    return new Discarded(discarded);
                }
                discarded += slice.get().discarded();
                after = slice.get().last();
            }
        } catch (WebApplicationException databaseAway) {
            report(actor, discarded, selection.toString(), ", then the database did not answer");
            throw discarded == 0 ? databaseAway : Incomplete.discard(discarded);
        }
    }

    private static void report(Actor actor, int discarded, String which, String ending) {
        Log.infof("Operator %s discarded %d parked events (%s)%s", actor.subject(), discarded, which, ending);
    }

    private static String result(Discarded done) {
        return Format.count(done.discarded, "event");
    }
}
