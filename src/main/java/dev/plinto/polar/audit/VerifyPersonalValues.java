package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.audit.PersonalValueStore.ErasedPage;
import dev.plinto.polar.audit.Verification.Wrong;
import java.time.Instant;
import java.util.Optional;

/// Compares the log's rows with their personal values. One that is gone was erased, which changes no row.
final class VerifyPersonalValues {

    private final PersonalValueStore store;
    private final Findings findings;
    private final Runnable eachPage;

    /// @param eachPage runs before each page
    VerifyPersonalValues(PersonalValueStore store, Findings findings, Runnable eachPage) {
        this.store = store;
        this.findings = findings;
        this.eachPage = eachPage;
    }

    void compare() {
        long after = Long.MIN_VALUE;
        for (Optional<Long> end = endOfPage(after); end.isPresent() && !findings.isFull(); end = endOfPage(after)) {
            await(store.rowsWithOtherValues(after, end.get()))
                    .forEach(row -> findings.ofValue(Wrong.PERSONAL_VALUE_CHANGED, row));
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

    private Optional<Long> endOfPage(long after) {
        eachPage.run();
        return await(store.endOfPage(after));
    }

    private Optional<ErasedPage> page(Instant at, long id) {
        eachPage.run();
        return await(store.erasedAfter(at, id));
    }
}
