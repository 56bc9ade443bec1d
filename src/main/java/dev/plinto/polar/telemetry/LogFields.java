package dev.plinto.polar.telemetry;

import org.jboss.logging.MDC;

/// What a line of the log is about, as fields beside its text: in production's JSON, under `mdc`.
public final class LogFields {

    private static final String WEBHOOK_ID = "webhookId";
    private static final String ACCOUNT = "account";
    private static final String TRACE_ID = "traceId";

    private LogFields() {}

    /// Logs a line about a delivery or what came of it.
    ///
    /// @param account whose access it is about; null where that is not known, as the others
    public static void of(String webhookId, String account, Trace trace, Runnable line) {
        put(WEBHOOK_ID, webhookId);
        put(ACCOUNT, account);
        put(TRACE_ID, trace.id());
        try {
            line.run();
        } finally {
            MDC.remove(WEBHOOK_ID);
            MDC.remove(ACCOUNT);
            MDC.remove(TRACE_ID);
        }
    }

    private static void put(String field, String value) {
        if (value != null) {
            MDC.put(field, value);
        }
    }
}
