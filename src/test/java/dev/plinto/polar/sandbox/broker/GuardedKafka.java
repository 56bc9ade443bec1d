package dev.plinto.polar.sandbox.broker;

import dev.plinto.polar.sandbox.process.ChildProcess;
import dev.plinto.polar.sandbox.process.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// A broker as in production, which asks who comes: besides its own port, where everything is allowed, it has one
/// with TLS where a user (SCRAM-SHA-512) may do what it was given rights for, and nothing else.
public final class GuardedKafka implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STORE_PASSWORD = "of-no-secret";

    private final KafkaNode node;
    private final int guardedPort;
    private final ChildProcess child;

    private GuardedKafka(KafkaNode node, int guardedPort, ChildProcess child) {
        this.node = node;
        this.guardedPort = guardedPort;
        this.child = child;
    }

    public static GuardedKafka start(Path directory) {
        try {
            var node = new KafkaNode(1, directory.toAbsolutePath(), FreePort.any(), FreePort.any());
            int guardedPort = FreePort.any();
            Path properties = node.writeProperties(List.of(node));
            makeCertificate(node.directory());
            guard(properties, node, guardedPort);
            Path ready = node.directory().resolve("ready");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
            command.addAll(KafkaClasses.options(node.directory()));
            command.addAll(List.of(properties.toString(), ready.toString()));
            ChildProcess child = ChildProcess.start("The guarded Kafka broker", node.directory(), command);
            child.awaitReady(() -> Files.exists(ready), PATIENCE);
            return new GuardedKafka(node, guardedPort, child);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Where everything is allowed.
    public String bootstrapServers() {
        return "localhost:" + node.port();
    }

    /// Where users log in.
    public String guardedServers() {
        return "localhost:" + guardedPort;
    }

    /// Whom to trust there, as PEM.
    public Path authority() {
        return node.directory().resolve("ca.crt");
    }

    @Override
    public void close() {
        child.close();
    }

    private static void guard(Path file, KafkaNode node, int port) throws IOException {
        var properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        properties.merge("listeners", ",GUARDED://localhost:" + port, (old, more) -> old + (String) more);
        properties.merge("advertised.listeners", ",GUARDED://localhost:" + port, (old, more) -> old + (String) more);
        properties.merge("listener.security.protocol.map", ",GUARDED:SASL_SSL", (old, more) -> old + (String) more);
        properties.putAll(Map.of(
                "listener.name.guarded.sasl.enabled.mechanisms", "SCRAM-SHA-512",
                "listener.name.guarded.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "listener.name.guarded.ssl.keystore.type", "PKCS12",
                "listener.name.guarded.ssl.keystore.location", node.directory().resolve("broker.p12").toString(),
                "listener.name.guarded.ssl.keystore.password", STORE_PASSWORD,
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS"));
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, "guarded");
        }
    }

    private static void makeCertificate(Path directory) throws IOException {
        String store = directory.resolve("broker.p12").toString();
        keytool("-genkeypair", "-alias", "broker", "-keyalg", "EC", "-dname", "CN=localhost",
                "-ext", "san=dns:localhost", "-keystore", store, "-storetype", "PKCS12", "-storepass", STORE_PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", "broker", "-keystore", store, "-storepass", STORE_PASSWORD,
                "-file", directory.resolve("ca.crt").toString());
    }

    private static void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        int exitCode = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().onExit().join().exitValue();
        if (exitCode != 0) {
            throw new IllegalStateException("keytool ended with " + exitCode);
        }
    }
}
