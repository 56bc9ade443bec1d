package dev.plinto.polar.billing.idempotency;

import dev.plinto.polar.audit.ActionRow;
import dev.plinto.polar.audit.ResultRow;
import io.smallrye.mutiny.Uni;

/// One try to do what a request asks for. It ends within the time of [IdempotentRequests#LEASE] after its last
/// [#begin]: later, another replica may try, and what this one does then is not recorded any more.
public sealed interface Attempt {

    /// To be waited for before each call of a provider that changes something: commits what is about to be done, and
    /// what is known of it so far. If this attempt ends without an answer, the next one gets it.
    ///
    /// @param progress for the next attempt, such as which calls were answered with which ids; without secrets
    /// @return fails with the problem `request-in-progress` if another attempt has taken over: the call must not be
    ///         made then
    default Uni<Void> begin(String progress) {
        return recorder().begin(progress);
    }

    /// The same, and commits the audit log's row of the call with it.
    ///
    /// @return the row's id
    default Uni<Long> begin(String progress, ActionRow row) {
        return recorder().begin(progress, row);
    }

    /// The result of a call, which is committed when the attempt ends, with its answer if there is one.
    default void atEnd(ResultRow row) {
        recorder().atEnd(row);
    }

    Recorder recorder();

    /// Where an attempt records what it does.
    interface Recorder {
        Uni<Void> begin(String progress);

        Uni<Long> begin(String progress, ActionRow row);

        void atEnd(ResultRow row);
    }

    /// No attempt before this one has called a provider.
    record First(Recorder recorder) implements Attempt {}

    /// An earlier attempt may have called a provider, and did not tell how that ended: look there first.
    ///
    /// @param progress that it recorded last
    record Resumed(Recorder recorder, String progress) implements Attempt {}
}
