package dev.plinto.polar.usage;

import dev.plinto.polar.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is wrong with the events of a request. All faults are collected, so that the sender learns of all of them at
/// once; but only so many are told.
final class EventFaults {

    private static final int MOST = 50;
    /// Another may be anything, such as a secret in the wrong place.
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]{1,40}");

    private final List<EventFault> faults = new ArrayList<>();
    private int count;

    void add(@Nullable Integer index, String field, String message) {
        count++;
        if (faults.size() < MOST) {
            faults.add(new EventFault(index, field, message));
        }
    }

    void addUnknown(@Nullable Integer index, String field) {
        add(index, NAME.matcher(field).matches() ? field : "", "is unknown");
    }

    int count() {
        return count;
    }

    /// Throws 422 `usage-invalid` if there are any.
    void requireNone() {
        if (count > 0) {
            throw new Problem("usage-invalid", 422, "An event is not valid",
                    "Nothing was taken. Mend the fields that errors names" + (count > MOST
                            ? ", which are the first " + MOST + " of " + count + "."
                            : "."))
                    .with("errors", List.copyOf(faults)).exception();
        }
    }
}
