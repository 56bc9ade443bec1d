package dev.plinto.polar.sandbox;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;

/// A real Kafka broker (KRaft) in a child process, at this service's own Kafka version. Data in the directory stays
/// for the next start. It ends with this JVM, however that ends.
public final class EmbeddedKafka implements AutoCloseable {

    static final String CLUSTER_ID = "cGxpbnRvLXNhbmRib3gtMQ";
    private static final String NAME = "The Kafka broker";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaNode node;
    private final List<KafkaNode> cluster;
    private final ChildProcess child;

    private EmbeddedKafka(KafkaNode node, List<KafkaNode> cluster, ChildProcess child) {
        this.node = node;
        this.cluster = cluster;
        this.child = child;
    }

    /// Returns when the broker answers.
    public static EmbeddedKafka start(Path directory, int port) {
        return launch(directory, port).awaitReady();
    }

    /// As many brokers that form one cluster, on free ports, each in a directory of its own.
    public static List<EmbeddedKafka> startCluster(Path directory, int brokers) {
        List<KafkaNode> cluster = IntStream.rangeClosed(1, brokers)
                .mapToObj(id -> new KafkaNode(id, directory.resolve("broker-" + id), FreePort.any(), FreePort.any()))
                .toList();
        List<EmbeddedKafka> launched = cluster.stream().map(node -> launch(node, cluster)).toList();
        launched.forEach(EmbeddedKafka::awaitReady);
        return launched;
    }

    /// Returns at once; [#awaitReady()] is next.
    static EmbeddedKafka launch(Path directory, int port) {
        var node = new KafkaNode(1, directory.toAbsolutePath(), port, FreePort.from(port + 1));
        return launch(node, List.of(node));
    }

    static EmbeddedKafka adopt(Path directory, int port, Process process) {
        var node = new KafkaNode(1, directory.toAbsolutePath(), port, 0);
        return new EmbeddedKafka(node, List.of(node), ChildProcess.adopt(NAME, node.directory(), process));
    }

    private static EmbeddedKafka launch(KafkaNode node, List<KafkaNode> cluster) {
        try {
            Path properties = node.writeProperties(cluster);
            Files.deleteIfExists(readyFile(node));
            return new EmbeddedKafka(node, cluster, ChildProcess.start(NAME, node.directory(), List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                    "-cp", String.join(File.pathSeparator, classPath()),
                    KafkaBroker.class.getName(), properties.toString(), readyFile(node).toString())));
        } catch (IOException failure) {
            throw new SandboxFailure("The Kafka broker's directory " + node.directory() + " is not writable: "
                    + failure.getMessage(), failure);
        }
    }

    EmbeddedKafka awaitReady() {
        child.awaitReady(() -> Files.exists(readyFile(node)), PATIENCE);
        return this;
    }

    /// After [#kill()] or [#close()]: the same broker on the same data and ports.
    public EmbeddedKafka restart() {
        return launch(node, cluster).awaitReady();
    }

    public String bootstrapServers() {
        return "localhost:" + node.port();
    }

    public int port() {
        return node.port();
    }

    public long pid() {
        return child.process().pid();
    }

    public boolean isAlive() {
        return child.isAlive();
    }

    /// SIGKILL.
    public void kill() {
        child.kill();
    }

    /// SIGSTOP: connections stay open and nothing answers, until [#resume()].
    public void suspend() {
        child.suspend();
    }

    public void resume() {
        child.resume();
    }

    /// A clean stop.
    @Override
    public void close() {
        child.close();
    }

    /// Part of the data directory's name: a directory that a newer Kafka has formatted makes an older one exit.
    static String version() {
        return AppInfoParser.getVersion();
    }

    Process process() {
        return child.process();
    }

    private static Path readyFile(KafkaNode node) {
        return node.directory().resolve("ready");
    }

    /// Under Quarkus' class loaders java.class.path says nothing of use; the jars are found by their manifests.
    private static Set<String> classPath() throws IOException {
        var path = new LinkedHashSet<String>();
        ClassLoader loader = KafkaBroker.class.getClassLoader();
        String self = KafkaBroker.class.getName().replace('.', '/') + ".class";
        path.add(root(loader.getResource(self), self));
        for (URL manifest : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
            URLConnection connection = manifest.openConnection();
            if (connection instanceof JarURLConnection jar) {
                path.add(path(jar.getJarFileURL()));
            }
        }
        return path;
    }

    private static String root(URL resource, String name) throws IOException {
        String url = resource.toString();
        return path(URI.create(url.substring(0, url.length() - name.length())).toURL());
    }

    private static String path(URL url) throws IOException {
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException failure) {
            throw new IOException("not a file: " + url, failure);
        }
    }
}
