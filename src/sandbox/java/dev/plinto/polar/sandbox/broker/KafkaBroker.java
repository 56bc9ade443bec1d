package dev.plinto.polar.sandbox.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// Main class of the child process of [EmbeddedKafka]: formats the directory once, runs the broker, and stops it at the
/// end of standard input. The arguments are the broker's properties file and the file that marks it as ready.
final class KafkaBroker {

    private static final int EXIT_FORCED = 3;
    private static final long STOP_TIMEOUT_SECONDS = 15;

    public static void main(String... arguments) {
        try {
            run(arguments);
        } catch (Exception | Error failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1); // a broker that failed half-way leaves non-daemon threads
        }
    }

    private static void run(String... arguments) throws Exception {
        var properties = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(file);
        }
        Thread.ofPlatform().daemon().name("end-of-input").start(KafkaBroker::stopAtEndOfInput);
        format(properties);
        var server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        Files.createFile(Path.of(arguments[1]));
        server.awaitShutdown();
    }

    /// Features at the level of this Kafka, so transactions are of version 2, as on a new production cluster.
    private static void format(Properties properties) throws Exception {
        new Formatter()
                .setClusterId(EmbeddedKafka.CLUSTER_ID)
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .addDirectory(properties.getProperty("log.dirs"))
                .setMetadataLogDirectory(properties.getProperty("log.dirs"))
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setIgnoreFormatted(true)
                .run();
    }

    private static void stopAtEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException closed) {
            System.err.println("Standard input failed, so the parent is gone: " + closed);
        }
        // A broker that cannot stop must not run on.
        CompletableFuture.delayedExecutor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .execute(() -> Runtime.getRuntime().halt(EXIT_FORCED));
        System.exit(0);
    }

    private KafkaBroker() {}
}
