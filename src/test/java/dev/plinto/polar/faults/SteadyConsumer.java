package dev.plinto.polar.faults;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.TopicReader;
import dev.plinto.polar.testing.TopicReader.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/// A consumer that reads the change topics all the time, and records what it saw, in order.
final class SteadyConsumer implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private final List<String> seen = new ArrayList<>();
    private volatile boolean ending;

    SteadyConsumer(TopicReader reader) {
        consumer = reader.tail(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED);
        thread = Thread.ofPlatform().daemon().name("observer").start(this::watch);
    }

    private void watch() {
        while (!ending) {
            consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                synchronized (seen) {
                    seen.add(Message.of(record).name());
                }
            });
        }
        consumer.close();
    }

    /// The names of all messages so far.
    List<String> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    @Override
    public void close() {
        ending = true;
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
