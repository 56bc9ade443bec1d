package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.audit.Action;
import dev.plinto.polar.audit.Actor;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.billing.Rollout;
import dev.plinto.polar.billing.RolloutStore;
import dev.plinto.polar.billing.RolloutStore.Stored;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What operators decide about who sells: shows it, and replaces it.
@ApplicationScoped
public class DecideOnRollout {

    private static final Problem CHANGED = new Problem("rollout-changed", 409, "Somebody else has just changed it",
            "Nothing was done. Read it again (GET /api/v1/polar/ops/rollout), and send what it is to be.");

    private final RolloutStore store;
    private final AuditLog audit;

    DecideOnRollout(RolloutStore store, AuditLog audit) {
        this.store = store;
        this.audit = audit;
    }

    public Uni<Rollout> current() {
        return store.current().map(Stored::rollout);
    }

    /// Blocks. Replaces all, or nothing; each value that changes is audited. Throws 409 `rollout-changed` if another
    /// change comes first.
    public void replace(Actor actor, Rollout wanted) {
        Stored stored = await(store.current());
        List<Entry> changes = changes(actor, stored.rollout().document(), wanted.document());
        if (!changes.isEmpty()) {
            audit.record(changes, () -> store(stored.version(), wanted), done -> "done");
        }
    }

    private Rollout store(long version, Rollout wanted) {
        if (!await(store.replace(version, wanted))) {
            throw CHANGED.exception();
        }
        return wanted;
    }

    private static List<Entry> changes(Actor actor, Rollout.Document before, Rollout.Document after) {
        List<Entry> changes = new ArrayList<>();
        if (!Objects.equals(before.fallback(), after.fallback())) {
            changes.add(new Entry(actor, Action.CHANGE_FALLBACK, null, "fallback", before.fallback(),
                    after.fallback(), null));
        }
        TreeSet<String> organizations = new TreeSet<>(before.overrides().keySet());
        organizations.addAll(after.overrides().keySet());
        for (String organization : organizations) {
            @Nullable
            String from = before.overrides().get(organization);
            @Nullable
            String to = after.overrides().get(organization);
            if (!Objects.equals(from, to)) {
                changes.add(new Entry(actor, Action.CHANGE_OVERRIDE, organization, "provider", from, to, null));
            }
        }
        return changes;
    }

    /// Each has a timeout of its own.
    private static <T> T await(Uni<T> answer) {
        return answer.await().indefinitely();
    }
}
