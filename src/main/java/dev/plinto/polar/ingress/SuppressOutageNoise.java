package dev.plinto.polar.ingress;

import io.quarkus.logging.LoggingFilter;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/// Drops the connector's two stack traces for each delivery that the broker does not take; [OutageReport] logs the
/// whole outage in two lines. (`quarkus.log.filter` would do, but lets every error pass.)
@LoggingFilter(name = "outage")
public final class SuppressOutageNoise implements Filter {

    private static final String CATEGORY = "io.smallrye.reactive.messaging.kafka";
    private static final List<String> CODES = List.of("SRMSG18206", "SRMSG18212");

    @Override
    public boolean isLoggable(LogRecord record) {
        return !CATEGORY.equals(record.getLoggerName()) || record.getMessage() == null
                || CODES.stream().noneMatch(record.getMessage()::startsWith);
    }
}
