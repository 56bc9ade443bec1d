package dev.plinto.polar.bench;

import dev.plinto.polar.Topics;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TopicReader.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/// Deliveries at a steady rate, each sent when it is due, and the changes that a consumer reads meanwhile.
///
/// @param due      by webhook id, in milliseconds of the clock; if an event is delivered twice, the first time
/// @param accepted how many deliveries were accepted
record SteadyLoad(Map<String, Double> due, int accepted, List<Arrival> arrivals) {

    /// @param read when the consumer had the change, in milliseconds of the clock
    record Arrival(double read, ConsumerRecord<String, byte[]> change) {}

    /// Returns when all are sent and the consumer has read nothing for so long.
    static SteadyLoad run(OwnStack stack, URI endpoint, List<SignedDelivery> deliveries, int perSecond, Duration quiet)
            throws InterruptedException, IOException {
        try (OpenLoop load = new OpenLoop(endpoint);
                KafkaConsumer<String, byte[]> changes = stack.reader().tail(Topics.SUBSCRIPTION_CHANGED,
                        Topics.ENTITLEMENT_CHANGED)) {
            double startOfNanoTime = System.currentTimeMillis() - System.nanoTime() / 1e6;
            AtomicReference<long[]> due = new AtomicReference<>();
            Thread sender = Thread.ofPlatform().start(() -> due.set(send(load, deliveries, perSecond)));
            List<Arrival> arrivals = new ArrayList<>();
            long quietSince = System.nanoTime();
            while (sender.isAlive() || System.nanoTime() - quietSince < quiet.toNanos()) {
                for (ConsumerRecord<String, byte[]> change : changes.poll(Duration.ofMillis(500))) {
                    quietSince = System.nanoTime();
                    arrivals.add(new Arrival(startOfNanoTime + quietSince / 1e6, change));
                }
            }
            sender.join();
            Map<String, Double> dueById = new HashMap<>();
            for (int i = 0; i < deliveries.size(); i++) {
                dueById.putIfAbsent(deliveries.get(i).webhookId(), startOfNanoTime + due.get()[i] / 1e6);
            }
            return new SteadyLoad(dueById, load.accepted(), arrivals);
        }
    }

    /// By the name of a message, when it was read.
    Map<String, Double> read() {
        Map<String, Double> read = new HashMap<>();
        arrivals.forEach(arrival -> read.put(Message.of(arrival.change).name(), arrival.read));
        return read;
    }

    /// By webhook id, the time from when it was due until its last change was read, in milliseconds. A message can tell
    /// the changes of several events. Events that change nothing are left out.
    Map<String, Double> delays(Database database) {
        Map<String, Double> read = read();
        Map<String, Double> delays = new HashMap<>();
        database.rows("SELECT name, cause FROM (%s) AS published WHERE cause = ANY (?)".formatted(EndState.PUBLISHED),
                (Object) due.keySet().toArray(String[]::new)).forEach(
                        row -> delays.merge(row.getLast(),
                                read.getOrDefault(row.getFirst(), Double.POSITIVE_INFINITY) - due.get(row.getLast()),
                                Math::max));
        return delays;
    }

    private static long[] send(OpenLoop load, List<SignedDelivery> deliveries, int perSecond) {
        try {
            return load.send(deliveries, perSecond);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
