package dev.plinto.polar.audit;

import dev.plinto.polar.Rfc3339;
import dev.plinto.polar.audit.Verification.Finding;
import dev.plinto.polar.audit.Verification.Wrong;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a verification has found so far: as much as its answer tells.
final class Findings {

    private static final int MOST = 1_000;

    private final Set<Finding> found = new LinkedHashSet<>();

    void ofHour(Wrong wrong, @Nullable Instant hour) {
        add(wrong, hour, null);
    }

    void ofRow(Wrong wrong, Instant hour, long rowId) {
        add(wrong, hour, rowId);
    }

    void ofValue(Wrong wrong, long rowId) {
        add(wrong, null, rowId);
    }

    void ofChain(Wrong wrong) {
        add(wrong, null, null);
    }

    boolean isFull() {
        return found.size() >= MOST;
    }

    List<Finding> all() {
        return List.copyOf(found);
    }

    private void add(Wrong wrong, @Nullable Instant hour, @Nullable Long rowId) {
        if (!isFull()) {
            found.add(new Finding(wrong, hour == null ? null : Rfc3339.format(hour), rowId));
        }
    }
}
