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

/// A real Kafka broker (KRaft) in a child process, at this service's own Kafka version. Data in the directory stays
/// for the next start.
public final class EmbeddedKafka extends EmbeddedServer {

    static final String CLUSTER_ID = "cGxpbnRvLXNhbmRib3gtMQ";
    private static final String NAME = "The Kafka broker";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaNode node;
    private final List<KafkaNode> cluster;

    private EmbeddedKafka(KafkaNode node, List<KafkaNode> cluster, ChildProcess child) {
        super(child);
        this.node = node;
        this.cluster = cluster;
    }

    /// A second way to the broker: who comes by its port is told to come back by the advertised one, where something
    /// may stand in between.
    public record Detour(int port, int advertisedPort) {}

    /// Returns when the broker answers, by both ways.
    public static EmbeddedKafka start(Path directory, int port, Detour detour) {
        var node = new KafkaNode(1, directory.toAbsolutePath(), port, FreePort.any(), detour);
        return launch(node, List.of(node), KafkaClasses::options).awaitReady();
    }

    /// Returns when the broker answers.
    public static EmbeddedKafka start(Path directory, int port) {
        return launch(directory, port).awaitReady();
    }

    /// The same as brokers are run in production: its code is optimized for hours of work, which takes the first minutes.
    public static EmbeddedKafka startForLoad(Path directory, int port) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), KafkaClasses::options, List.of()).awaitReady();
    }

    /// As many brokers that form one cluster, on free ports, each in a directory of its own.
    public static List<EmbeddedKafka> startCluster(Path directory, int brokers) {
        List<KafkaNode> cluster = IntStream.rangeClosed(1, brokers)
                .mapToObj(id -> new KafkaNode(id, directory.resolve("broker-" + id), FreePort.any(), FreePort.any()))
                .toList();
        List<EmbeddedKafka> launched = cluster.stream().map(node -> launch(node, cluster, KafkaClasses::options))
                .toList();
        launched.forEach(EmbeddedKafka::awaitReady);
        return launched;
    }

    /// Returns at once; [#awaitReady()] is next.
    public static EmbeddedKafka launch(Path directory, int port) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), KafkaClasses::options);
    }

    /// The same for a directory that is started on again and again: faster from the second time on.
    public static EmbeddedKafka launchFromArchive(Path directory, int port) {
        KafkaNode node = single(directory, port);
        return launch(node, List.of(node), KafkaClasses::archivedOptions);
    }

    public static EmbeddedKafka adopt(Path directory, int port, Process process) {
        var node = new KafkaNode(1, directory.toAbsolutePath(), port, 0);
        return new EmbeddedKafka(node, List.of(node), ChildProcess.adopt(NAME, node.directory(), process));
    }

    private static KafkaNode single(Path directory, int port) {
        // Two on: Linux gives even ports to those who connect, and while a broker is away one of them could get it.
        return new KafkaNode(1, directory.toAbsolutePath(), port, FreePort.from(port + 2));
    }

    private interface Classes {
        List<String> options(Path directory) throws IOException;
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
            return new EmbeddedKafka(node, cluster, ChildProcess.start(NAME, node.directory(), command));
        } catch (IOException failure) {
            throw new SandboxFailure("The Kafka broker's directory " + node.directory() + " is not writable: "
                    + failure.getMessage(), failure);
        }
    }

    public EmbeddedKafka awaitReady() {
        child().awaitReady(() -> Files.exists(readyFile(node)), PATIENCE);
        return this;
    }

    /// After [#kill()] or [#close()]: the same broker on the same data and ports.
    public EmbeddedKafka restart() {
        return launch(node, cluster, KafkaClasses::options).awaitReady();
    }

    public String bootstrapServers() {
        return "localhost:" + node.port();
    }

    public int port() {
        return node.port();
    }

    /// Part of the data directory's name: a directory that a newer Kafka has formatted makes an older one exit.
    public static String version() {
        return AppInfoParser.getVersion();
    }

    private static Path readyFile(KafkaNode node) {
        return node.directory().resolve("ready");
    }
}
