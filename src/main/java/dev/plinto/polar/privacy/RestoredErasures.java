package dev.plinto.polar.privacy;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Carries out again what was erased after a backup was made, once that backup is restored. Only for threads that may
/// block.
@ApplicationScoped
public class RestoredErasures {

    private final Pool pool;
    private final ErasureSteps steps;

    RestoredErasures(Pool pool, ErasureSteps steps) {
        this.pool = pool;
        this.steps = steps;
    }

    /// What was done. A repeated call finds nothing more to do.
    ///
    /// @param versions   how many sets go on with a higher version
    /// @param erasureIds of the erasures that are carried out again: of each organization that the database did not
    ///                   know as erased, and holds something of
    /// @param unfinished those of them that were not told as complete: the provider may not have been asked yet
    public record Loaded(long versions, List<String> erasureIds, List<String> unfinished) {

        public Loaded {
            erasureIds = List.copyOf(erasureIds);
            unfinished = List.copyOf(unfinished);
        }
    }

    /// All or nothing. The provider is not asked again, since it was before the loss.
    ///
    /// @throws RuntimeException if the database does not answer: see [DatabaseAway]
    public Loaded load(List<ToldErasure> told) {
        return ErasureStore.inTransaction(pool, connection -> {
            ErasureStore erasures = new ErasureStore(connection);
            RestoredStore restored = new RestoredStore(connection, told);
            List<RestoredStore.Held> held = restored.untoldHeld();
            held.forEach(organization -> erasures.lock(organization.id()));
            restored.bury();
            long versions = restored.raiseVersions();
            List<String> accepted = new ArrayList<>();
            List<String> unfinished = new ArrayList<>();
            for (RestoredStore.Held organization : held) {
                if (erasures.pendingOf(organization.id()).isEmpty()) {
                    String id = accept(organization.id(), erasures, restored).toString();
                    accepted.add(id);
                    if (!organization.isComplete()) {
                        unfinished.add(id);
                    }
                }
            }
            Log.infof("%d told erasures are loaded, and %d are carried out again", told.size(), accepted.size());
            return new Loaded(versions, accepted, unfinished);
        });
    }

    private UUID accept(String organization, ErasureStore erasures, RestoredStore restored) {
        DataSubject subject = restored.buried(erasures.subject(organization));
        return erasures.insert(new ErasureRequest(organization, true, true), subject, steps.names());
    }
}
