package dev.plinto.polar.sandbox;

import dev.plinto.polar.Problem;
import dev.plinto.polar.Topics;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/// Streams the committed records of one of the service's topics, one JSON document per line, until the client
/// disconnects.
///
/// Each stream holds a worker thread and a consumer of its own, without a group, so no offsets are committed.
@Singleton
@Path("/sandbox/topics/{topic}")
class StreamTopic {

    private static final Logger LOG = Logger.getLogger(StreamTopic.class);
    private static final List<String> TOPICS = List.of(Topics.RECEIVED, Topics.CONEKTA_RECEIVED,
            Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED);
    /// Upper limit for noticing that a client has disconnected.
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(250);

    private final String bootstrapServers;
    /// One party for each open stream, and one for this class.
    private final Phaser streams = new Phaser(1);
    private volatile boolean stopping;

    StreamTopic(
            @ConfigProperty(name = "kafka.bootstrap.servers", defaultValue = "localhost:19092") String brokers) {
        this.bootstrapServers = brokers;
    }

    /// Status and headers are sent after the position is set: a record committed after the client received them is in
    /// its stream.
    @GET
    @Blocking
    @Produces("application/x-ndjson")
    public StreamingOutput stream(
            @RestPath String topic, @RestQuery @DefaultValue("end") String from, @Context HttpServerResponse response) {
        if (!TOPICS.contains(topic)) {
            throw unknown("Unknown topic.").exception();
        }
        if (!from.equals("beginning") && !from.equals("end")) {
            throw new Problem("invalid-request", 400, "Invalid request", "from must be beginning or end").exception();
        }
        Consumer<byte[], byte[]> consumer = consumer();
        try {
            takePosition(consumer, topic, from);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        return output -> {
            streams.register();
            try (consumer) {
                response.setChunked(true);
                write(response, Buffer.buffer());
                copy(consumer, response);
            } finally {
                streams.arriveAndDeregister();
            }
        };
    }

    /// Ends the streams before their threads are interrupted; an interrupted consumer logs pages of stack traces.
    void stop(@Observes ShutdownEvent shutdown) throws InterruptedException {
        stopping = true;
        try {
            streams.awaitAdvanceInterruptibly(streams.arrive(), 2, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("A topic stream did not end within 2 s; shutting down anyway");
        }
    }

    private void copy(Consumer<byte[], byte[]> consumer, HttpServerResponse response) throws IOException {
        try {
            while (!stopping && !response.closed()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    write(response, Buffer.buffer(TopicLine.of(record)));
                }
            }
        } catch (CompletionException e) {
            LOG.debug("A client disconnected while a record was being written", e);
        }
    }

    /// Writes to the response itself: the stream that JAX-RS gives holds the headers back until there is a first
    /// record.
    private static void write(HttpServerResponse response, Buffer buffer) {
        response.write(buffer).toCompletionStage().toCompletableFuture().join();
    }

    private static void takePosition(Consumer<byte[], byte[]> consumer, String topic, String from) {
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw unknown("The topic has not been created yet.").exception();
            }
            consumer.assign(partitions);
            if (from.equals("beginning")) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            partitions.forEach(consumer::position);
        } catch (KafkaException e) {
            throw new Problem("unavailable", 503, "Kafka does not answer", "Retry when the broker is up.")
                    .exception();
        }
    }

    private static Problem unknown(String why) {
        return new Problem("unknown-topic", 404, "No such topic", why + " The topics: " + String.join(", ", TOPICS));
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
