package dev.plinto.polar.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/// Captures what one category of this JVM logs until this is closed, each line with its level.
public final class LogLines extends Handler implements AutoCloseable {

    private static final PatternFormatter LINE = new PatternFormatter("%p %s");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger category;

    private LogLines(Logger category) {
        this.category = category;
    }

    public static LogLines of(Class<?> category) {
        Logger logger = Logger.getLogger(category.getName());
        LogLines lines = new LogLines(logger);
        logger.addHandler(lines);
        return lines;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord record) {
        lines.add(LINE.format(record));
    }

    @Override
    public void flush() {
        // nothing is buffered
    }

    @Override
    public void close() {
        category.removeHandler(this);
    }
}
