package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import dev.plinto.polar.audit.Verification.Wrong;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One walk through the seals in the order of hours, each compared with the seal before and with the rows that its hour
/// has now. In memory are a page of seals, and the digests of one hour's rows.
///
/// Meanwhile hours are sealed and partitions dropped: what looks wrong is looked at again before it is said.
final class VerifySeals {

    /// An hour is sealed 5 min after its end, and at most a period later.
    private static final Duration SEALED_WITHIN = KeepAuditLog.PERIOD.multipliedBy(4);

    private final SealStore seals;
    private final AuditStore store;
    private final Duration retention;
    private final InstantSource clock;
    private final Findings findings;
    private final Runnable eachPage;

    private Optional<Instant> oldestKept;
    private Instant searchedFrom = Instant.MAX;
    private Optional<Instant> nextRow = Optional.empty();
    private @Nullable Seal first;
    private @Nullable Seal before;
    private int count;
    private long rows;

    /// @param eachPage runs before each page of seals
    VerifySeals(SealStore seals, AuditStore store, Duration retention, InstantSource clock, Findings findings,
            Runnable eachPage) {
        this.seals = seals;
        this.store = store;
        this.retention = retention;
        this.clock = clock;
        this.findings = findings;
        this.eachPage = eachPage;
        this.oldestKept = await(store.oldestKept());
    }

    void walk() {
        Instant after = Instant.EPOCH;
        List<Seal> page;
        do {
            eachPage.run();
            page = await(seals.sealsAfter(after));
            for (Seal seal : page) {
                next(seal);
                after = seal.hour();
            }
        } while (!page.isEmpty() && !findings.isFull());
        if (!findings.isFull()) {
            findUnsealed(before == null ? Instant.EPOCH : before.end(), clock.instant());
            compareWithChain();
        }
    }

    Optional<Instant> oldestKept() {
        return oldestKept;
    }

    @Nullable
    Seal first() {
        return first;
    }

    @Nullable
    Seal newest() {
        return before;
    }

    int count() {
        return count;
    }

    /// As far as they are kept.
    long rows() {
        return rows;
    }

    private void next(Seal seal) {
        if (before == null) {
            first = seal;
        } else if (!seal.hour().equals(before.end())) {
            findings.ofHour(Wrong.SEAL_MISSING, before.end());
        }
        if (!seal.follows(before)) {
            findings.ofHour(Wrong.SEAL_CHANGED, seal.hour());
        }
        findUnsealed(before == null ? Instant.EPOCH : before.end(), seal.hour());
        boolean isDropped = isDropped(seal);
        if (!isDropped) {
            rows += seal.rows();
        }
        if (!isDropped && seal.rows() > 0 || hasRows(seal.hour(), seal.end())) {
            compareRows(seal);
        }
        count++;
        before = seal;
    }

    private void compareRows(Seal seal) {
        HourComparison compared = HourComparison.of(seal, await(seals.digests(seal.hour())));
        if (compared.hasMissing()) {
            oldestKept = await(store.oldestKept());
            if (isDropped(seal)) { // perhaps meanwhile; who adds rows may have made a partition for them
                compared.tellWithoutMissing(findings);
                return;
            }
        }
        compared.tell(findings);
    }

    private boolean isDropped(Seal seal) {
        return oldestKept.map(oldest -> !seal.end().isAfter(oldest)).orElse(false)
                && !seal.end().isAfter(clock.instant().minus(retention));
    }

    /// Rows of hours without a seal, from one moment until another: of the present, or added before the first seal, in
    /// a gap, or after the last one.
    private void findUnsealed(Instant from, Instant until) {
        Instant hour = from;
        while (!findings.isFull() && hasRows(hour, until)) {
            hour = Seal.hourOf(nextRow.orElseThrow());
            if (clock.instant().isAfter(hour.plus(Seal.HOUR).plus(SEALED_WITHIN))
                    && await(seals.sha256(hour)).isEmpty()) {
                findings.ofHour(Wrong.HOUR_NOT_SEALED, hour);
            }
            hour = hour.plus(Seal.HOUR);
        }
    }

    /// Asks the database only from the next row on, since most hours have none.
    private boolean hasRows(Instant from, Instant until) {
        if (!from.isBefore(until)) {
            return false;
        }
        if (from.isBefore(searchedFrom) || nextRow.map(row -> row.isBefore(from)).orElse(false)) {
            nextRow = await(store.firstRow(from));
            searchedFrom = from;
        }
        return nextRow.map(row -> row.isBefore(until)).orElse(false);
    }

    /// What a chain that was made anew does not have, or one whose first seals were removed.
    private void compareWithChain() {
        Optional<SealChain> chain = await(seals.chain());
        if (chain.isEmpty()) {
            if (first != null) {
                findings.ofChain(Wrong.SEAL_COUNT_DIFFERS);
            }
            return;
        }
        SealChain known = chain.get();
        Optional<byte[]> begin = await(seals.sha256(known.firstHour()));
        if (begin.isEmpty()) {
            findings.ofHour(Wrong.SEAL_MISSING, known.firstHour());
        } else if (!Arrays.equals(begin.get(), known.firstSha256())) {
            findings.ofHour(Wrong.SEAL_CHANGED, known.firstHour());
        }
        if (known.made() != known.hours()) {
            findings.ofChain(Wrong.SEAL_COUNT_DIFFERS);
        }
    }
}
