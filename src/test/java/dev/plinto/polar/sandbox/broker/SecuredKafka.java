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

/// A broker with authentication and ACLs, as in production. Besides its own port, where everything is allowed, it has a
/// TLS port where a user (SCRAM-SHA-512) has only the granted rights.
public final class SecuredKafka implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final String STORE_PASSWORD = "of-no-secret";

    private final KafkaNode node;
    private final int securedPort;
    private final ChildProcess child;

    private SecuredKafka(KafkaNode node, int securedPort, ChildProcess child) {
        this.node = node;
        this.securedPort = securedPort;
        this.child = child;
    }

    /// @param archive directory of an archive of classes that several brokers start from
    public static SecuredKafka start(Path directory, Path archive) {
        try {
            var node = new KafkaNode(1, directory.toAbsolutePath(), FreePort.any(), FreePort.any());
            int securedPort = FreePort.any();
            Path properties = node.writeProperties(List.of(node));
            makeCertificate(node.directory());
            secure(properties, node, securedPort);
            Path ready = node.directory().resolve("ready");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
            command.addAll(KafkaClasses.archivedOptions(archive));
            command.addAll(List.of(properties.toString(), ready.toString()));
            ChildProcess child = ChildProcess.start("The secured Kafka broker", node.directory(), command);
            child.awaitReady(() -> Files.exists(ready), START_TIMEOUT);
            return new SecuredKafka(node, securedPort, child);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The port where everything is allowed.
    public String bootstrapServers() {
        return "localhost:" + node.port();
    }

    /// The port with authentication and ACLs.
    public String securedServers() {
        return "localhost:" + securedPort;
    }

    /// The CA certificate of that port, as PEM.
    public Path authority() {
        return node.directory().resolve("ca.crt");
    }

    @Override
    public void close() {
        child.close();
    }

    private static void secure(Path file, KafkaNode node, int port) throws IOException {
        var properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        properties.merge("listeners", ",SECURED://localhost:" + port, (old, more) -> old + (String) more);
        properties.merge("advertised.listeners", ",SECURED://localhost:" + port, (old, more) -> old + (String) more);
        properties.merge("listener.security.protocol.map", ",SECURED:SASL_SSL", (old, more) -> old + (String) more);
        properties.putAll(Map.of(
                "listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-512",
                "listener.name.secured.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "listener.name.secured.ssl.keystore.type", "PKCS12",
                "listener.name.secured.ssl.keystore.location", node.directory().resolve("broker.p12").toString(),
                "listener.name.secured.ssl.keystore.password", STORE_PASSWORD,
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS"));
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, "secured");
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
