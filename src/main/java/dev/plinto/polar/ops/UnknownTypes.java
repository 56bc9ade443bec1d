package dev.plinto.polar.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.ops.ReplayEvents.Replayed;
import dev.plinto.polar.ops.UnknownTypeStore.UnknownType;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Events whose type was unknown when they arrived: lists them, and replays them after an upgrade that knows the type.
@ApplicationScoped
public class UnknownTypes {

    private final UnknownTypeStore store;
    private final ReplayEvents replay;
    private final AuditLog audit;

    UnknownTypes(UnknownTypeStore store, ReplayEvents replay, AuditLog audit) {
        this.store = store;
        this.replay = replay;
        this.audit = audit;
    }

    /// How many events were published again, and how many could not be because their bodies are no longer kept.
    public record Accepted(int replayed, @JsonProperty("payload_gone") int payloadGone) {}

    public Uni<List<UnknownType>> list() {
        return store.list();
    }

    /// Changes nothing if this version does not know the type either. Blocks. Throws what [Replayed#requireAll()]
    /// throws.
    public Accepted replay(Actor actor, String type) throws InterruptedException {
        ParkedSelection.requireType(type);
        return audit.record(Entry.of(actor, Action.REPLAY_UNKNOWN_TYPE, type, null), () -> replayAll(actor, type),
                accepted -> Format.count(accepted.replayed, "event"));
    }

    private Accepted replayAll(Actor actor, String type) {
        Replayed replayed = replay.all(after -> store.next(type, after, ReplayEvents.BATCH));
        Log.infof("Operator %s replayed %d events of unknown type (%s), and skipped %d without a body%s",
                actor.subject(), replayed.events(), type, replayed.bodyGone(), replayed.ending());
        replayed.requireAll();
        return new Accepted(replayed.events(), replayed.bodyGone());
    }
}
