package dev.plinto.polar.ingress;

import io.quarkus.logging.LoggingFilter;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/// Keeps a record that the broker did not take out of the log: two stack traces for each delivery of an outage, which
/// [RawTopic] tells in two lines. (`quarkus.log.filter` would do, but lets every error pass.)
@LoggingFilter(name = "outage")
public final class SuppressOutageNoise implements Filter {

    private static final String CATEGORY = "io.smallrye.reactive.messaging.kafka";
    private static final List<String> TOLD_ELSEWHERE = List.of("SRMSG18206", "SRMSG18212");

    @Override
    public boolean isLoggable(LogRecord record) {
        return !CATEGORY.equals(record.getLoggerName()) || record.getMessage() == null
                || TOLD_ELSEWHERE.stream().noneMatch(record.getMessage()::startsWith);
    }
}
