package dev.plinto.polar.telemetry;

import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/// Structured fields of a log line, in production's JSON under `mdc`: which delivery, account and trace it is about.
public final class LogFields {

    private static final String WEBHOOK_ID = "webhookId";
    private static final String ACCOUNT = "account";
    private static final String TRACE_ID = "traceId";

    private LogFields() {}

    /// Runs `line`, which logs, with these fields set; null where a field is unknown.
    public static void of(@Nullable String webhookId, @Nullable String account, Trace trace, Runnable line) {
        put(WEBHOOK_ID, webhookId);
        put(ACCOUNT, MaskedAddress.ofNullable(account));
        put(TRACE_ID, trace.id());
        try {
            line.run();
        } finally {
            MDC.remove(WEBHOOK_ID);
            MDC.remove(ACCOUNT);
            MDC.remove(TRACE_ID);
        }
    }

    private static void put(String field, @Nullable String value) {
        if (value != null) {
            MDC.put(field, value);
        }
    }
}
