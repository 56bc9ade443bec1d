package dev.plinto.polar.testing;

import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.broker.EmbeddedKafka;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/// A broker and a database of one test, which may break them, and the environment with which the packaged service runs
/// on them as in production.
public final class OwnStack implements AutoCloseable {

    /// The webhook secret of the services that run on it.
    public static final String SECRET = "polar_whs_a-secret-that-nobody-guesses";

    /// For processes that live for seconds: the optimizing compiler would use up the test's few cores.
    public static final String JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    public static final Duration LEASE = Duration.ofSeconds(1);

    /// A third of what production waits before it takes a replica, a connection or a sample for dead.
    public static final Map<String, String> SHORT_WAITS = Map.of(
            "POLAR_RELAY_LEASE", LEASE.toSeconds() + "s",
            "POLAR_PROJECTION_SESSION_TIMEOUT", "3500ms",
            "POLAR_DATABASE_SILENCE", "5s",
            "POLAR_METRICS_PERIOD", "500ms",
            "POLAR_METRICS_MAX_AGE", "3500ms",
            "POLAR_RECONCILE_LEASE", "40s");

    /// An archive of the classes of a broker, with which brokers start in half of the time. The broker with which the
    /// service is trained writes it.
    public static final Path BROKER_CLASSES = Path.of("target", "broker-classes").toAbsolutePath();

    private final Path directory;
    private final List<EmbeddedKafka> brokers;
    private EmbeddedPostgres postgres;

    private OwnStack(Path directory, List<EmbeddedKafka> brokers, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.brokers = new ArrayList<>(brokers);
        this.postgres = postgres;
    }

    public static OwnStack start() {
        return start(directory -> List.of(EmbeddedKafka.start(directory, FreePort.any(), BROKER_CLASSES)));
    }

    /// The same with a cluster of three brokers, as in production.
    public static OwnStack startOfThreeBrokers() {
        return start(directory -> EmbeddedKafka.startCluster(directory, 3, BROKER_CLASSES));
    }

    /// The same with a broker that runs the full JIT, and warms up slowly.
    public static OwnStack startForLoad() {
        return start(directory -> List.of(EmbeddedKafka.startForLoad(directory, FreePort.any())));
    }

    /// The same with a broker that has a second listener.
    public static OwnStack start(EmbeddedKafka.Detour detour) {
        return start(directory -> List.of(EmbeddedKafka.start(directory, FreePort.any(), detour, BROKER_CLASSES)));
    }

    private static OwnStack start(Function<Path, List<EmbeddedKafka>> brokers) {
        try {
            Path parent = Files.createDirectories(Path.of("target", "own-stacks").toAbsolutePath());
            Path directory = Files.createTempDirectory(parent, "stack-");
            var kafka = CompletableFuture.supplyAsync(() -> brokers.apply(directory.resolve("kafka")));
            EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
            return new OwnStack(directory, kafka.join(), postgres);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Creates the raw topic, for a backlog that exists before the service starts.
    public void createRawTopic(int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(Topics.RECEIVED, partitions, (short) brokers.size()))).all().get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The only broker, or the first.
    public EmbeddedKafka kafka() {
        return brokers.getFirst();
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /// After it was killed.
    public void restartPostgres() {
        postgres = postgres.restart();
    }

    /// After it was killed.
    public void restartKafka() {
        brokers.set(0, kafka().restart());
    }

    /// A loss of the whole cluster with its disks: a new one at the same address.
    public void loseKafka() {
        kafka().kill();
        delete(directory.resolve("kafka"));
        restartKafka();
    }

    /// A loss of the whole database: a new one, empty.
    public void losePostgres() {
        database().execute("DROP SCHEMA public CASCADE");
        database().execute("CREATE SCHEMA public");
    }

    /// Copies the database's files, which replace those of the backup before. The database restarts.
    public void backUpPostgres() {
        postgres.close();
        delete(backup());
        copy(directory.resolve("postgres"), backup());
        restartPostgres();
    }

    /// The database is as it was at the backup.
    public void restorePostgres() {
        postgres.close();
        delete(directory.resolve("postgres"));
        copy(backup(), directory.resolve("postgres"));
        restartPostgres();
    }

    private Path backup() {
        return directory.resolve("backup");
    }

    public Database database() {
        return Database.of(postgres);
    }

    public RawTopicWriter writer() {
        return new RawTopicWriter(bootstrapServers());
    }

    public TopicReader reader() {
        return new TopicReader(bootstrapServers());
    }

    public String bootstrapServers() {
        return brokers.stream().map(EmbeddedKafka::bootstrapServers).collect(Collectors.joining(","));
    }

    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", postgres.reactiveUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedPostgres.USER);
        environment.put("QUARKUS_DATASOURCE_PASSWORD", EmbeddedPostgres.PASSWORD);
        environment.put("POLAR_WEBHOOK_SECRET", SECRET);
        environment.put("POLAR_ACCESS_TOKEN", "polar_oat_of-nobody");
        environment.put("POLAR_RECONCILE_PERIOD", "0"); // there is no Polar
        environment.put("POLAR_API_URL", "http://127.0.0.1:" + FreePort.any());
        environment.put("JAVA_TOOL_OPTIONS", JAVA_OPTIONS);
        environment.putAll(SHORT_WAITS);
        environment.put("POLAR_TOPIC_PARTITIONS", "6");
        environment.put("POLAR_TOPIC_REPLICATION", Integer.toString(brokers.size()));
        environment.put("PLINTO_JWT_ISSUER", "https://plinto.example");
        environment.put("PLINTO_JWT_AUDIENCE", "plinto.example");
        environment.put("PLINTO_JWKS_URL", "http://127.0.0.1:" + FreePort.any() + "/jwks.json");
        return environment;
    }

    @Override
    public void close() {
        brokers.forEach(EmbeddedKafka::kill); // the last of several could not stop by itself, without the others
        postgres.close();
        delete(directory.resolve("kafka"));
        delete(directory.resolve("postgres")); // their logs stay
        delete(backup());
    }

    /// With owners, since PostgreSQL starts on files of its own user only.
    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) { // a directory comes before what is in it
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
