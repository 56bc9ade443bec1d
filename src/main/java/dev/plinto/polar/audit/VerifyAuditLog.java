package dev.plinto.polar.audit;

import static dev.plinto.polar.postgres.Answers.await;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.plinto.polar.Problem;
import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.postgres.DatabaseAway;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Recomputes the seals of the audit log, and says what was changed, added or removed since an hour was sealed.
@ApplicationScoped
public class VerifyAuditLog {

    /// Few, since each has the digests of all rows of its hour.
    private static final int SEALS_AT_ONCE = 6;
    private static final int MOST_FINDINGS = 1_000;
    /// An hour is sealed 5 min after its end, and at most a period later.
    private static final Duration SEALED_WITHIN = KeepAuditLog.PERIOD.multipliedBy(4);

    private final SealStore seals;
    private final AuditStore store;
    private final AuditConfig config;
    private final InstantSource clock;

    VerifyAuditLog(SealStore seals, AuditStore store, AuditConfig config, InstantSource clock) {
        this.seals = seals;
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /// What is wrong.
    public enum Wrong {
        /// A row is not as it was sealed; so are rows that were exchanged.
        ROW_CHANGED,
        /// A row was not there when its hour was sealed.
        ROW_ADDED,
        /// A row that was sealed is not there any more.
        ROW_MISSING,
        /// A personal value, such as a reason, is not the one that was recorded.
        PERSONAL_VALUE_CHANGED,
        /// A seal is not what was made of the seal before and its digests: it or the one before was changed, or the one
        /// before was removed.
        SEAL_CHANGED,
        /// There is no seal between two that there are.
        SEAL_MISSING,
        /// The rows of an hour that is long over are not sealed.
        HOUR_NOT_SEALED;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param hour  the begin of the hour
    /// @param rowId null if it is not about a single row
    @JsonNaming(SnakeCaseStrategy.class)
    public record Finding(Wrong wrong, @Nullable String hour, @Nullable Long rowId) {}

    /// @param intact       whether nothing was found
    /// @param sealedUntil  the end of the newest seal's hour; null if nothing is sealed yet
    /// @param newestSha256 of that seal, which the service also wrote to its log: if they differ, the seals were made
    ///                     anew
    /// @param seals        how many hours are sealed
    /// @param sealedRows   how many rows they cover, as far as these are kept
    /// @param droppedUntil the begin of the oldest rows that are kept; null if none were ever dropped
    /// @param erasedValues how many personal values were erased, which changes no row
    /// @param findings     the first thousand
    @JsonNaming(SnakeCaseStrategy.class)
    public record Verification(boolean intact, @Nullable String sealedUntil, @Nullable String newestSha256, int seals,
            long sealedRows, @Nullable String droppedUntil, long erasedValues, List<Finding> findings) {

        public Verification {
            findings = List.copyOf(findings);
        }
    }

    /// Blocks while it reads the whole log. Throws 503 `database-unavailable`.
    public Verification verify() {
        try {
            return walk();
        } catch (RuntimeException failure) {
            if (!DatabaseAway.isCauseOf(failure)) {
                throw failure;
            }
            Log.warnf("Could not verify the audit log: %s", DatabaseAway.describe(failure));
            throw Problem.databaseUnavailable();
        }
    }

    private Verification walk() {
        Walk walk = new Walk(await(store.oldestKept()), clock.instant().minus(config.audit()),
                await(store.rowsByHour()));
        Instant after = Instant.EPOCH;
        List<Seal> page;
        do {
            page = await(seals.sealsAfter(after, SEALS_AT_ONCE));
            for (Seal seal : page) {
                walk.next(seal);
                after = seal.hour();
            }
        } while (page.size() == SEALS_AT_ONCE && !walk.isFull());
        return walk.end();
    }

    /// Goes through the seals in the order of hours.
    private final class Walk {

        private final Optional<Instant> oldestKept;
        private final Instant mayBeDroppedUntil;
        private final TreeMap<Instant, Long> unsealedRows;
        private final List<Finding> findings = new ArrayList<>();
        private @Nullable Seal before;
        private int count;
        private long rows;

        Walk(Optional<Instant> oldestKept, Instant mayBeDroppedUntil, Map<Instant, Long> rowsByHour) {
            this.oldestKept = oldestKept;
            this.mayBeDroppedUntil = mayBeDroppedUntil;
            this.unsealedRows = new TreeMap<>(rowsByHour);
        }

        boolean isFull() {
            return findings.size() >= MOST_FINDINGS;
        }

        void next(Seal seal) {
            if (before != null && !seal.hour().equals(before.end())) {
                found(Wrong.SEAL_MISSING, before.end(), null);
            }
            if (!seal.follows(before)) {
                found(Wrong.SEAL_CHANGED, seal.hour(), null);
            }
            long present = Optional.ofNullable(unsealedRows.remove(seal.hour())).orElse(0L);
            if (!isDropped(seal)) {
                rows += seal.rows();
                if (present > 0 || seal.rows() > 0) {
                    compare(seal, present == 0 ? List.of() : await(seals.digests(seal.hour())));
                }
            }
            count++;
            before = seal;
        }

        private boolean isDropped(Seal seal) {
            return oldestKept.map(oldest -> !seal.end().isAfter(oldest)).orElse(false)
                    && !seal.end().isAfter(mayBeDroppedUntil);
        }

        private void compare(Seal seal, List<RowDigest> present) {
            Map<Long, List<String>> sealed = byId(RowDigest.split(seal.digests()));
            Map<Long, List<String>> now = byId(present);
            SortedSet<Long> ids = new TreeSet<>(sealed.keySet());
            ids.addAll(now.keySet());
            for (Long id : ids) {
                List<String> was = sealed.getOrDefault(id, List.of());
                List<String> is = now.getOrDefault(id, List.of());
                if (is.isEmpty()) {
                    found(Wrong.ROW_MISSING, seal.hour(), id);
                } else if (!is.containsAll(was)) {
                    found(Wrong.ROW_CHANGED, seal.hour(), id);
                } else if (is.size() > was.size()) { // an id need not be unique for who inserts by hand
                    found(Wrong.ROW_ADDED, seal.hour(), id);
                }
            }
        }

        private Map<Long, List<String>> byId(List<RowDigest> digests) {
            return digests.stream().collect(Collectors.groupingBy(RowDigest::id, Collectors
                    .mapping(digest -> HexFormat.of().formatHex(digest.sha256()), Collectors.toList())));
        }

        Verification end() {
            if (!isFull()) {
                unsealedRows.keySet().forEach(this::notSealed);
                await(store.rowsWithOtherValues(MOST_FINDINGS))
                        .forEach(id -> found(Wrong.PERSONAL_VALUE_CHANGED, null, id));
            }
            return new Verification(findings.isEmpty(), before == null ? null : Rfc3339.format(before.end()),
                    before == null ? null : before.hex(), count, rows,
                    oldestKept.map(Rfc3339::format).orElse(null), await(store.erasedValues()), findings);
        }

        /// Rows of an hour without a seal: of the present, or added before the first seal or after the last one.
        private void notSealed(Instant hour) {
            if (clock.instant().isAfter(hour.plus(Seal.HOUR).plus(SEALED_WITHIN))) {
                found(Wrong.HOUR_NOT_SEALED, hour, null);
            }
        }

        private void found(Wrong wrong, @Nullable Instant hour, @Nullable Long rowId) {
            if (!isFull()) {
                findings.add(new Finding(wrong, hour == null ? null : Rfc3339.format(hour), rowId));
            }
        }
    }
}
