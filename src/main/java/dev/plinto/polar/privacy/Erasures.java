package dev.plinto.polar.privacy;

import dev.plinto.polar.DataSubject;
import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.Topics;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Takes requests for erasures, and tells what has become of them. Only for threads that may block; throws 503
/// `database-unavailable` if the database does not answer.
@ApplicationScoped
class Erasures {

    private final Pool pool;
    private final Rooms rooms;
    private final ErasureSteps steps;
    private final InstantSource clock;

    Erasures(Pool pool, Rooms rooms, ErasureSteps steps, InstantSource clock) {
        this.pool = pool;
        this.rooms = rooms;
        this.steps = steps;
        this.clock = clock;
    }

    /// The one that is under way, if there is one. Its tombstones are committed with it. Throws 409
    /// `live-subscription` while one is live that the request does not want to end.
    Erasure accept(ErasureRequest request) {
        return inOne(store -> {
            store.lock(request.organization());
            Optional<Erasure> pending = store.pendingOf(request.organization());
            if (pending.isPresent()) {
                return pending.get();
            }
            List<String> live = store.liveSubscriptions(request.organization());
            if (!live.isEmpty() && !request.cancel()) {
                throw liveSubscription(live);
            }
            DataSubject subject = store.subject(request.organization());
            UUID id = store.insert(request, subject, steps.names());
            store.bury(subject);
            return store.find(id).orElseThrow();
        });
    }

    ErasurePlan plan(ErasureRequest request) {
        return inOne(store -> {
            DataSubject subject = store.subject(request.organization());
            List<ErasurePlan.Rows> rows = new ArrayList<>();
            for (HeldData room : rooms.all()) {
                for (HeldTable table : room.tables()) {
                    store.count(table, subject).filter(count -> count > 0).ifPresent(
                            count -> rows.add(new ErasurePlan.Rows(room.room(), table.name(), count)));
                }
            }
            return new ErasurePlan(request.organization(), true, store.liveSubscriptions(request.organization()), rows,
                    steps.names(),
                    Rfc3339.format(clock.instant().plus(Topics.RAW_RETENTION).plus(Topics.RAW_SEGMENT)));
        });
    }

    /// Empty if there is none with this id, or the text is no id.
    Optional<Erasure> find(String id) {
        UUID known;
        try {
            known = UUID.fromString(id);
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
        return inOne(store -> store.find(known));
    }

    private <T> T inOne(Function<ErasureStore, T> work) {
        try {
            return ErasureStore.inOne(pool, work);
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Answered a request on an organization's data with 503: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    private static RuntimeException liveSubscription(List<String> live) {
        return new Problem("live-subscription", 409, "The organization has a live subscription",
                "Nothing was done. End it first, or send cancel=true: then the erasure ends it now, without a refund.")
                .with("subscription_ids", live).exception();
    }
}
