package dev.plinto.polar.billing;

import dev.plinto.polar.audit.ActionRow;
import dev.plinto.polar.audit.AuditLog;
import dev.plinto.polar.audit.AuditLog.Entry;
import dev.plinto.polar.audit.ResultRow;
import dev.plinto.polar.billing.idempotency.Attempt;
import dev.plinto.polar.conekta.api.ConektaFailure;
import dev.plinto.polar.polar.api.PolarFailure;
import jakarta.ws.rs.WebApplicationException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A call that changes something at a provider, with its rows in the audit log. If the provider may have carried out
/// what it did not answer, the result says so: it must not say that nothing was done.
///
/// @param answer  null if there is none
/// @param problem null unless the provider may have carried the call out
record RecordedCall<T>(@Nullable T answer, @Nullable WebApplicationException problem) {

    /// Throws the problem for the response if the provider does not answer, or refuses.
    static <T> T of(AuditLog audit, Entry entry, ProviderCall<T> call, Function<T, String> result)
            throws InterruptedException {
        return RecordedCall.<T>answer(audit.<RecordedCall<T>, InterruptedException>record(entry, () -> make(call),
                words(result)));
    }

    /// The same, as the last call of an attempt: its rows are committed with what the attempt begins, and with its
    /// answer.
    ///
    /// @param progress of the attempt, to be recorded before the call
    static <T> T of(AuditLog audit, Entry entry, Attempt attempt, String progress, ProviderCall<T> call,
            Function<T, String> result) throws InterruptedException {
        return RecordedCall.<T>answer(audit.<RecordedCall<T>, InterruptedException>record(entry,
                new RowsOfAttempt(attempt, progress), () -> make(call), words(result)));
    }

    private record RowsOfAttempt(Attempt attempt, String progress) implements AuditLog.Rows {

        @Override
        public long before(ActionRow row) {
            return attempt.begin(progress, row).await().indefinitely();
        }

        @Override
        public void after(ResultRow row) {
            attempt.atEnd(row);
        }
    }

    private static <T> Function<RecordedCall<T>, String> words(Function<T, String> result) {
        return made -> made.answer == null
                ? "unknown: the provider did not answer as it should, and may have done it"
                : result.apply(made.answer);
    }

    private static <T> T answer(RecordedCall<T> made) {
        if (made.problem != null) {
            throw made.problem;
        }
        return Objects.requireNonNull(made.answer, "a call without an answer");
    }

    private static <T> RecordedCall<T> make(ProviderCall<T> call) throws InterruptedException {
        try {
            return new RecordedCall<>(call.get(), null);
        } catch (PolarFailure failure) {
            return failed(ProviderProblem.of(failure), failure.reason().mayBeCarriedOut());
        } catch (ConektaFailure failure) {
            return failed(ConektaProblem.of(failure), failure.reason().mayBeCarriedOut());
        }
    }

    private static <T> RecordedCall<T> failed(WebApplicationException problem, boolean mayBeCarriedOut) {
        if (mayBeCarriedOut) {
            return new RecordedCall<>(null, problem);
        }
        throw problem;
    }
}
