package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.audit.PersonalValueStore.ErasedPage;
import dev.plinto.polar.audit.Verification.Wrong;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Compares the log's rows with their personal values. One that is gone was erased, which changes no row.
final class VerifyPersonalValues {

    /// A value is recorded after its row, in the same transaction.
    private static final Duration LATER = Duration.ofHours(1);

    private final PersonalValueStore store;
    private final AuditStore log;
    private final Findings findings;
    private final Runnable eachPage;

    /// @param eachPage runs before each page
    VerifyPersonalValues(PersonalValueStore store, AuditStore log, Findings findings, Runnable eachPage) {
        this.store = store;
        this.log = log;
        this.findings = findings;
        this.eachPage = eachPage;
    }

    void compare() {
        await(store.detached()).forEach(
                from -> findings.ofHour(Wrong.PERSONAL_VALUES_DETACHED, from.map(Seal::hourOf).orElse(null)));
        long after = Long.MIN_VALUE;
        for (Optional<Long> end = endOfPage(after); end.isPresent() && !findings.isFull(); end = endOfPage(after)) {
            await(store.rowsWithOtherValues(after, end.get()))
                    .forEach(row -> findings.ofValue(Wrong.PERSONAL_VALUE_CHANGED, row));
            orphaned(after, end.get()).forEach(row -> findings.ofValue(Wrong.PERSONAL_VALUE_ORPHANED, row));
            after = end.get();
        }
    }

    long erased() {
        long erased = 0;
        for (Optional<ErasedPage> page = page(Instant.EPOCH, 0); page.isPresent(); page = page(page.get().at(),
                page.get().id())) {
            erased += page.get().erased();
        }
        return erased;
    }

    private List<Long> orphaned(long after, long until) {
        List<Long> found = List.of();
        for (int look = 0; look == 0 || look == 1 && !found.isEmpty(); look++) { // rows may be dropped meanwhile
            Instant since = await(log.oldestKept()).map(oldest -> oldest.plus(LATER)).orElse(Instant.EPOCH);
            found = await(store.valuesWithoutRow(after, until, since));
        }
        return found;
    }

    private Optional<Long> endOfPage(long after) {
        eachPage.run();
        return await(store.endOfPage(after));
    }

    private Optional<ErasedPage> page(Instant at, long id) {
        eachPage.run();
        return await(store.erasedAfter(at, id));
    }
}
