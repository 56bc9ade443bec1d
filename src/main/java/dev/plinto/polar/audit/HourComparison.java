package dev.plinto.polar.audit;

import dev.plinto.polar.audit.Verification.Wrong;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How the rows of an hour differ from those that were sealed.
final class HourComparison {

    private record Difference(Wrong wrong, long rowId) {}

    private final Instant hour;
    private final List<Difference> differences = new ArrayList<>();

    private HourComparison(Instant hour) {
        this.hour = hour;
    }

    /// @param present in the order of ids
    static HourComparison of(Seal seal, List<RowDigest> present) {
        HourComparison comparison = new HourComparison(seal.hour());
        List<RowDigest> sealed = RowDigest.split(seal.digests());
        sealed.sort(Comparator.comparingLong(RowDigest::id)); // a seal that was changed may have any order
        int was = 0;
        int is = 0;
        while (was < sealed.size() || is < present.size()) {
            long id = Math.min(idAt(was, sealed), idAt(is, present));
            int wasUntil = endOf(id, was, sealed);
            int isUntil = endOf(id, is, present);
            comparison.row(id, sealed.subList(was, wasUntil), present.subList(is, isUntil));
            was = wasUntil;
            is = isUntil;
        }
        return comparison;
    }

    boolean hasMissing() {
        return differences.stream().anyMatch(difference -> difference.wrong == Wrong.ROW_MISSING);
    }

    void tellWithoutMissing(Findings findings) {
        differences.removeIf(difference -> difference.wrong == Wrong.ROW_MISSING);
        tell(findings);
    }

    void tell(Findings findings) {
        differences.forEach(difference -> findings.ofRow(difference.wrong, hour, difference.rowId));
    }

    /// An id need not be unique for who inserts by hand.
    private void row(long id, List<RowDigest> was, List<RowDigest> is) {
        if (is.isEmpty()) {
            differences.add(new Difference(Wrong.ROW_MISSING, id));
        } else if (!was.stream().allMatch(sealed -> is.stream().anyMatch(sealed::isSame))) {
            differences.add(new Difference(Wrong.ROW_CHANGED, id));
        } else if (is.size() > was.size()) {
            differences.add(new Difference(Wrong.ROW_ADDED, id));
        }
    }

    private static long idAt(int index, List<RowDigest> digests) {
        return index < digests.size() ? digests.get(index).id() : Long.MAX_VALUE;
    }

    private static int endOf(long id, int from, List<RowDigest> digests) {
        int end = from;
        while (end < digests.size() && digests.get(end).id() == id) {
            end++;
        }
        return end;
    }
}
