package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.audit.ActionRow;
import dev.plinto.polar.audit.ResultRow;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Records one attempt.
final class AttemptRecorder implements Attempt.Recorder {

    private final IdempotentRequestStore store;
    private final String id;
    private final int attempt;
    private final Duration lease;
    private final List<ResultRow> results = new ArrayList<>();

    AttemptRecorder(IdempotentRequestStore store, String id, int attempt, Duration lease) {
        this.store = store;
        this.id = id;
        this.attempt = attempt;
        this.lease = lease;
    }

    @Override
    public Uni<Void> begin(String progress) {
        return store.begin(id, attempt, progress, lease).invoke(AttemptRecorder::require).replaceWithVoid();
    }

    @Override
    public Uni<Long> begin(String progress, ActionRow row) {
        return store.begin(id, attempt, progress, lease, row)
                .map(begun -> begun.orElseThrow(IdempotentRequests::inProgress));
    }

    @Override
    public synchronized void atEnd(ResultRow row) {
        results.add(row);
    }

    /// Fails with `request-in-progress` if another attempt has taken over: that one decides what is answered.
    Uni<Answer> keep(Answer answer) {
        return end(rows -> store.answer(id, attempt, answer, rows)).invoke(AttemptRecorder::require)
                .replaceWith(answer);
    }

    private static void require(boolean isOwn) {
        if (!isOwn) {
            throw IdempotentRequests.inProgress();
        }
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
        Uni<Boolean> with(List<ResultRow> rows);
    }

    /// The rows are added once, also if this fails and it is not known whether they were committed.
    private Uni<Boolean> end(Ending ending) {
        List<ResultRow> added = takeResults();
        return ending.with(added).onFailure().invoke(failure -> {
            if (!added.isEmpty()) {
                Log.warnf("Could not record the result of a request in the audit log. The result is: %s",
                        added.stream().map(ResultRow::result).collect(Collectors.joining("; ")));
            }
        });
    }

    private synchronized List<ResultRow> takeResults() {
        List<ResultRow> taken = List.copyOf(results);
        results.clear();
        return taken;
    }
}
