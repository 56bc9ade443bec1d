package dev.plinto.polar.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// The limit of any receiver that answers once the broker has the record: a bare producer with as many records in
/// flight as there are connections.
final class BareProducer {

    /// Records per second.
    static double run(String bootstrapServers, String topic, byte[] body, Duration time) throws InterruptedException {
        Semaphore inFlight = new Semaphore(Wrk.CONNECTIONS);
        AtomicLong sent = new AtomicLong();
        try (var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", bootstrapServers,
                "acks", "all", "linger.ms", 0), new StringSerializer(), new ByteArraySerializer())) {
            long began = System.nanoTime();
            for (long i = 0; System.nanoTime() - began < time.toNanos(); i++) {
                inFlight.acquire();
                producer.send(new ProducerRecord<>(topic, "key-" + i, body), (metadata, failure) -> {
                    inFlight.release();
                    if (failure == null) {
                        sent.incrementAndGet();
                    }
                });
            }
            inFlight.acquire(Wrk.CONNECTIONS);
            return sent.get() / ((System.nanoTime() - began) / 1e9);
        }
    }

    private BareProducer() {}
}
