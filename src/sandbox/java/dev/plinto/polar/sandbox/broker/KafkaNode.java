package dev.plinto.polar.sandbox.broker;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/// One broker, which is also its cluster's controller: its data directory and ports.
///
/// @param detour null if clients connect to the port itself only
public record KafkaNode(int id, Path directory, int port, int controllerPort, EmbeddedKafka.Detour detour) {

    KafkaNode(int id, Path directory, int port, int controllerPort) {
        this(id, directory, port, controllerPort, null);
    }

    Path writeProperties(List<KafkaNode> cluster) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("server.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties(cluster).store(writer, "written at each start");
        }
        return file;
    }

    private Properties properties(List<KafkaNode> cluster) {
        var properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", Integer.toString(id));
        properties.setProperty("controller.quorum.voters", cluster.stream()
                .map(node -> node.id + "@localhost:" + node.controllerPort)
                .collect(Collectors.joining(",")));
        properties.setProperty("listeners", "CLIENT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort
                + (detour == null ? "" : ",DETOUR://localhost:" + detour.port()));
        properties.setProperty("advertised.listeners", "CLIENT://localhost:" + port
                + (detour == null ? "" : ",DETOUR://localhost:" + detour.advertisedPort()));
        properties.setProperty("listener.security.protocol.map",
                "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,DETOUR:PLAINTEXT");
        properties.setProperty("inter.broker.listener.name", "CLIENT");
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("log.dirs", directory.resolve("data").toString());

        // As in production: a mistyped topic name is an error, not a new topic.
        properties.setProperty("auto.create.topics.enable", "false");
        String replication = Integer.toString(Math.min(3, cluster.size()));
        String inSync = Integer.toString(Math.min(2, cluster.size()));
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.setProperty(topic + ".replication.factor", replication);
            properties.setProperty(topic + ".num.partitions", "3"); // the default, 50, costs files and start-up time
        }
        properties.setProperty("transaction.state.log.min.isr", inSync);
        properties.setProperty("share.coordinator.state.topic.min.isr", inSync);
        // One consumer, which joins at once: no other member to wait for.
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("group.min.session.timeout.ms", "1000");
        // After a SIGKILL a broker is readmitted only when its old session has expired: 9 s by default.
        properties.setProperty("broker.session.timeout.ms", "3000");
        properties.setProperty("broker.heartbeat.interval.ms", "600");

        // For a laptop's disk: at most 256 MiB per partition, even under a load test.
        properties.setProperty("log.retention.bytes", Integer.toString(256 << 20));
        properties.setProperty("log.segment.bytes", Integer.toString(32 << 20));
        properties.setProperty("log.retention.check.interval.ms", "60000");
        // The default, 128 MiB, is a quarter of the child's heap.
        properties.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        properties.setProperty("num.network.threads", "2");
        properties.setProperty("num.io.threads", "4");
        return properties;
    }
}
