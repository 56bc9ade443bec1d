package dev.plinto.polar.billing.idempotency;

import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Records one attempt, on its request's context of Vert.x: who acts may go on in a thread of its own, where there is
/// no session of Hibernate's.
final class AttemptRecorder implements Attempt.Recorder {

    private final IdempotentRequestStore store;
    private final String id;
    private final int attempt;
    private final Duration lease;
    private final Context context;
    private final List<End> ends = new ArrayList<>();

    private record End(Supplier<Uni<Void>> rows, String result) {}

    AttemptRecorder(IdempotentRequestStore store, String id, int attempt, Duration lease, Context context) {
        this.store = store;
        this.id = id;
        this.attempt = attempt;
        this.lease = lease;
        this.context = context;
    }

    @Override
    public Uni<Void> begin(String progress, Supplier<Uni<Void>> rows) {
        return Uni.createFrom().deferred(() -> store.begin(id, attempt, progress, lease, rows))
                .runSubscriptionOn(this::onContext)
                .map(mayAct -> {
                    if (!mayAct) {
                        throw IdempotentRequests.inProgress();
                    }
                    return null;
                });
    }

    @Override
    public synchronized void atEnd(Supplier<Uni<Void>> rows, String result) {
        ends.add(new End(rows, result));
    }

    void onContext(Runnable command) {
        context.runOnContext(ignored -> command.run());
    }

    /// Fails with `request-in-progress` if another attempt has taken over: that one decides what is answered.
    Uni<Answer> keep(Answer answer) {
        return end(rows -> store.answer(id, attempt, answer, rows)).map(isStored -> {
            if (!isStored) {
                throw IdempotentRequests.inProgress();
            }
            return answer;
        });
    }

    /// What the action has said counts, whatever becomes of this.
    Uni<Void> release() {
        return end(rows -> store.release(id, attempt, rows)).replaceWithVoid()
                .onFailure().invoke(failure -> Log.warnf(
                        "A request could not be released; until its lease ends, in %d s at most, it is answered with "
                                + "409 request-in-progress",
                        lease.toSeconds()))
                .onFailure().recoverWithNull();
    }

    private interface Ending {
        Uni<Boolean> with(Supplier<Uni<Void>> rows);
    }

    /// The rows are added once, also if this fails and it is not known whether they were committed.
    private Uni<Boolean> end(Ending ending) {
        List<End> added = takeEnds();
        return ending.with(() -> added.stream().map(End::rows)
                .reduce(Uni.createFrom().voidItem(), (before, rows) -> before.chain(rows::get),
                        (one, other) -> one.chain(() -> other)))
                .onFailure().invoke(failure -> {
                    if (!added.isEmpty()) {
                        Log.warnf("Could not record the result of a request in the audit log. The result is: %s",
                                added.stream().map(End::result).collect(Collectors.joining("; ")));
                    }
                });
    }

    private synchronized List<End> takeEnds() {
        List<End> taken = List.copyOf(ends);
        ends.clear();
        return taken;
    }
}
