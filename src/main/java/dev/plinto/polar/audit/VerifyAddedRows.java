package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.audit.AuditStore.UniqueColumn;
import dev.plinto.polar.audit.Verification.Wrong;
import java.util.Optional;

/// Finds rows that no seal shows and that no writer of the log writes, such as one in the running hour that gives an
/// action of a sealed one another result.
final class VerifyAddedRows {

    private final AuditStore store;
    private final Findings findings;
    private final Runnable eachPage;

    /// @param eachPage runs before each page
    VerifyAddedRows(AuditStore store, Findings findings, Runnable eachPage) {
        this.store = store;
        this.findings = findings;
        this.eachPage = eachPage;
    }

    void find() {
        await(store.rowsBeforeAllHours()).forEach(row -> findings.ofValue(Wrong.ROW_ADDED, row));
        for (UniqueColumn column : UniqueColumn.values()) {
            findRepeated(column);
        }
    }

    private void findRepeated(UniqueColumn column) {
        long after = Long.MIN_VALUE;
        for (Optional<Long> end = endOfPage(column, after); end.isPresent() && !findings.isFull();) {
            await(store.repeated(column, after, end.get()))
                    .forEach(row -> findings.ofRow(Wrong.ROW_ADDED, Seal.hourOf(row.at()), row.id()));
            after = end.get();
            end = endOfPage(column, after);
        }
    }

    private Optional<Long> endOfPage(UniqueColumn column, long after) {
        eachPage.run();
        return await(store.endOfPage(column, after));
    }
}
