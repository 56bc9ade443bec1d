package dev.plinto.polar.testing;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.EmbeddedKafka;
import dev.plinto.polar.sandbox.EmbeddedPostgres;
import dev.plinto.polar.sandbox.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/// A broker and a database that a test may do anything to, and the environment with which the packaged service runs on
/// them as in production.
public final class OwnStack implements AutoCloseable {

    private final Path directory;
    private final EmbeddedKafka kafka;
    private EmbeddedPostgres postgres;

    private OwnStack(Path directory, EmbeddedKafka kafka, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.kafka = kafka;
        this.postgres = postgres;
    }

    public static OwnStack start() {
        return start(EmbeddedKafka::start);
    }

    /// The same with a broker that may take its time to become fast.
    public static OwnStack startForLoad() {
        return start(EmbeddedKafka::startForLoad);
    }

    private static OwnStack start(BiFunction<Path, Integer, EmbeddedKafka> broker) {
        try {
            Path parent = Files.createDirectories(Path.of("target", "own-stacks").toAbsolutePath());
            Path directory = Files.createTempDirectory(parent, "stack-");
            var kafka = CompletableFuture.supplyAsync(
                    () -> broker.apply(directory.resolve("kafka"), FreePort.any()));
            EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
            return new OwnStack(directory, kafka.join(), postgres);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The raw topic, for a backlog that is there before the service is.
    public void createRawTopic(int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(Topics.RECEIVED, partitions, (short) 1))).all().get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /// As when its machine dies and comes back.
    public void killAndRestartPostgres() {
        postgres.kill();
        postgres = postgres.restart();
    }

    public Database database() {
        return new Database(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD);
    }

    public RawTopicWriter writer() {
        return new RawTopicWriter(kafka.bootstrapServers());
    }

    public TopicReader reader() {
        return new TopicReader(kafka.bootstrapServers());
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", postgres.reactiveUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedPostgres.USER);
        environment.put("QUARKUS_DATASOURCE_PASSWORD", EmbeddedPostgres.PASSWORD);
        environment.put("POLAR_WEBHOOK_SECRET", "polar_whs_a-secret-that-nobody-guesses");
        environment.put("POLAR_ACCESS_TOKEN", "polar_oat_of-nobody");
        environment.put("POLAR_RECONCILE_PERIOD", "0"); // there is no Polar
        environment.put("POLAR_API_URL", "http://127.0.0.1:" + FreePort.any());
        // These processes live for seconds; what optimizes code for hours would take the test's few cores.
        environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        environment.put("POLAR_TOPIC_PARTITIONS", "6");
        environment.put("POLAR_TOPIC_REPLICATION", "1");
        environment.put("PLINTO_JWT_ISSUER", "https://plinto.example");
        environment.put("PLINTO_JWT_AUDIENCE", "plinto.example");
        environment.put("PLINTO_JWKS_URL", "http://127.0.0.1:" + FreePort.any() + "/jwks.json");
        return environment;
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
        delete(directory.resolve("kafka"));
        delete(directory.resolve("postgres")); // what they logged stays
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
