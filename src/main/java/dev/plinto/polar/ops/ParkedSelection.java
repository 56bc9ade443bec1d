package dev.plinto.polar.ops;

import dev.plinto.polar.Problem;
import dev.plinto.polar.projection.ParkReason;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Selects parked events by reason, by type, or by both; null means any.
public record ParkedSelection(@Nullable String reason, @Nullable String type) {

    private static final int LONGEST_NAME = 256;

    /// Throws 400 `parameter-invalid` for a reason that does not exist or a text that cannot be a type.
    public ParkedSelection {
        if (reason != null && ParkReason.Kind.of(reason).isEmpty()) {
            throw new Problem("parameter-invalid", 400, "There is no such reason", "The reasons are "
                    + Arrays.stream(ParkReason.Kind.values()).map(ParkReason.Kind::wireName)
                            .collect(Collectors.joining(", "))
                    + ".").exception();
        }
        if (type != null) {
            requireType(type);
        }
    }

    /// Throws 400 `parameter-missing` if neither reason nor type is named.
    public void requireReasonOrType() {
        if (reason == null && type == null) {
            throw new Problem("parameter-missing", 400, "Neither reason nor type is named",
                    "Name the events: ?reason=…, ?type=… or both.").exception();
        }
    }

    static void requireType(String type) {
        if (!isName(type) || type.isBlank()) {
            throw new Problem("parameter-invalid", 400, "The event type is not valid",
                    "A type has 1 to " + LONGEST_NAME + " printable ASCII characters, such as subscription.updated.")
                    .exception();
        }
    }

    /// Whether the text could be a webhook id or a type in the database.
    static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    /// For the log and the audit log.
    @Override
    public String toString() {
        return (reason == null ? "any reason" : "reason " + reason) + ", "
                + (type == null ? "any type" : "type " + type);
    }
}
