package dev.plinto.polar.audit;

import java.util.Objects;

/// The row of the audit log after an action. [AuditRows] adds it.
///
/// @param begun  the id of the row before the action
/// @param result in words
public record ResultRow(long begun, String result) {

    public ResultRow {
        Objects.requireNonNull(result, "result");
    }
}
