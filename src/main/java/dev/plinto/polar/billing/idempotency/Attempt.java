package dev.plinto.polar.billing.idempotency;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

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
        return begin(progress, () -> Uni.createFrom().voidItem());
    }

    /// The same, and commits rows of the caller with it.
    ///
    /// @param rows adds them to the transaction of this context
    default Uni<Void> begin(String progress, Supplier<Uni<Void>> rows) {
        return recorder().begin(progress, rows);
    }

    /// Rows of the caller that are committed when the attempt ends, with its answer if there is one.
    ///
    /// @param rows   adds them to the transaction of this context
    /// @param result in words, for the log if they cannot be committed
    default void atEnd(Supplier<Uni<Void>> rows, String result) {
        recorder().atEnd(rows, result);
    }

    Recorder recorder();

    /// Where an attempt records what it does.
    interface Recorder {
        Uni<Void> begin(String progress, Supplier<Uni<Void>> rows);

        void atEnd(Supplier<Uni<Void>> rows, String result);
    }

    /// No attempt before this one has called a provider.
    record First(Recorder recorder) implements Attempt {}

    /// An earlier attempt may have called a provider, and did not tell how that ended: look there first.
    ///
    /// @param progress that it recorded last
    record Resumed(Recorder recorder, String progress) implements Attempt {}
}
