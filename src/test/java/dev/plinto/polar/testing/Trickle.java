package dev.plinto.polar.testing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Writes deliveries to the raw topic at a steady rate while something else happens; the rest when it is closed.
public final class Trickle implements AutoCloseable {

    private static final int EACH_MOMENT = 10;
    private static final long MOMENT_MILLIS = 50;
    private static final long PATIENCE_SECONDS = 60;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final RawTopicWriter writer;
    private final Iterator<ProducerRecord<String, byte[]>> records;

    public Trickle(RawTopicWriter writer, MadeBacklog backlog) {
        this.writer = writer;
        this.records = backlog.records().iterator();
        timer.scheduleAtFixedRate(() -> write(EACH_MOMENT), 0, MOMENT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the broker does not accept records");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        write(Integer.MAX_VALUE);
        writer.close();
    }

    private void write(int atMost) {
        List<ProducerRecord<String, byte[]>> next = new ArrayList<>();
        while (records.hasNext() && next.size() < atMost) {
            next.add(records.next());
        }
        writer.write(next);
    }
}
