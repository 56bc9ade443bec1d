package dev.plinto.polar.sandbox.broker;

import dev.plinto.polar.sandbox.process.ChildProcess;
import dev.plinto.polar.sandbox.process.EmbeddedServer;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.sandbox.process.SandboxFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;

/// A real Kafka broker (KRaft) in a child process, at this service's own Kafka version. Its data directory is reused at
/// the next start.
public final class EmbeddedKafka extends EmbeddedServer {

    static final String CLUSTER_ID = "cGxpbnRvLXNhbmRib3gtMQ";
    private static final String NAME = "The Kafka broker";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final KafkaNode node;
    private final List<KafkaNode> cluster;
    private final Classes classes;

    private EmbeddedKafka(KafkaNode node, List<KafkaNode> cluster, Classes classes, ChildProcess child) {
        super(child);
        this.node = node;
        this.cluster = cluster;
        this.classes = classes;
    }

    /// A second listener of the broker: clients that connect to its port are sent on to the advertised one, where a
    /// proxy may stand in between.
    public record Detour(int port, int advertisedPort) {}

    /// Returns when the broker answers on both listeners.
    ///
    /// @param archive directory of an archive of classes that several brokers start from
    public static EmbeddedKafka start(Path directory, int port, Detour detour, Path archive) {
        var node = new KafkaNode(1, directory.toAbsolutePath(), port, FreePort.any(), detour);
        return launch(node, List.of(node), shared(archive)).awaitReady();
    }

    /// Returns when the broker answers.
    ///
    /// @param archive directory of an archive of classes that several brokers start from
    public static EmbeddedKafka start(Path directory, int port, Path archive) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), shared(archive)).awaitReady();
    }

    /// Returns when the broker answers.
    public static EmbeddedKafka start(Path directory, int port) {
        return launch(directory, port).awaitReady();
    }

    /// With the full JIT, as in production; it needs some minutes to warm up.
    public static EmbeddedKafka startForLoad(Path directory, int port) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), KafkaClasses::options, List.of()).awaitReady();
    }

    /// Starts a cluster of this many brokers on free ports, each in a directory of its own.
    ///
    /// @param archive directory of an archive of classes that several brokers start from
    public static List<EmbeddedKafka> startCluster(Path directory, int brokers, Path archive) {
        List<KafkaNode> cluster = IntStream.rangeClosed(1, brokers)
                .mapToObj(id -> new KafkaNode(id, directory.resolve("broker-" + id), FreePort.any(), FreePort.any()))
                .toList();
        List<EmbeddedKafka> launched = cluster.stream().map(node -> launch(node, cluster, shared(archive))).toList();
        launched.forEach(EmbeddedKafka::awaitReady);
        return launched;
    }

    /// Returns at once; call [#awaitReady()] next.
    public static EmbeddedKafka launch(Path directory, int port) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), KafkaClasses::options);
    }

    /// For a directory that is started on repeatedly: faster from the second time on.
    public static EmbeddedKafka launchFromArchive(Path directory, int port) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), KafkaClasses::archivedOptions);
    }

    public static EmbeddedKafka adopt(Path directory, int port, Process process) {
        var node = new KafkaNode(1, directory.toAbsolutePath(), port, 0);
        return new EmbeddedKafka(node, List.of(node), KafkaClasses::options,
                ChildProcess.adopt(NAME, node.directory(), process));
    }

    private static KafkaNode single(Path directory, int port) {
        // Two ports on: Linux gives even ports to outgoing connections, one of which could take the port while a broker
        // is down.
        return new KafkaNode(1, directory.toAbsolutePath(), port, FreePort.from(port + 2));
    }

    private interface Classes {
        List<String> options(Path directory) throws IOException;
    }

    private static Classes shared(Path archive) {
        return directory -> KafkaClasses.archivedOptions(archive);
    }

    private static EmbeddedKafka launch(KafkaNode node, List<KafkaNode> cluster, Classes classes) {
        return launch(node, cluster, classes, List.of("-XX:TieredStopAtLevel=1"));
    }

    private static EmbeddedKafka launch(KafkaNode node, List<KafkaNode> cluster, Classes classes,
            List<String> compiler) {
        try {
            Path properties = node.writeProperties(cluster);
            Files.deleteIfExists(readyFile(node));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m", "-XX:+UseSerialGC", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
            command.addAll(compiler);
            command.addAll(classes.options(node.directory()));
            command.addAll(List.of(properties.toString(), readyFile(node).toString()));
            return new EmbeddedKafka(node, cluster, classes, ChildProcess.start(NAME, node.directory(), command));
        } catch (IOException failure) {
            throw new SandboxFailure("The Kafka broker's directory " + node.directory() + " is not writable: "
                    + failure.getMessage(), failure);
        }
    }

    public EmbeddedKafka awaitReady() {
        child().awaitReady(() -> Files.exists(readyFile(node)), START_TIMEOUT);
        return this;
    }

    /// After [#kill()] or [#close()]: the same broker on the same data and ports.
    public EmbeddedKafka restart() {
        return launch(node, cluster, classes).awaitReady();
    }

    public String bootstrapServers() {
        return "localhost:" + node.port();
    }

    public int port() {
        return node.port();
    }

    /// Part of the data directory's name: an older Kafka exits on a directory that a newer one has formatted.
    public static String version() {
        return AppInfoParser.getVersion();
    }

    private static Path readyFile(KafkaNode node) {
        return node.directory().resolve("ready");
    }
}
