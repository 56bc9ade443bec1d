package dev.plinto.polar.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.broker.SecuredKafka;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OwnStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Production's infrastructure on this machine: a broker with authentication and ACLs, with the topics and users of
/// `k8s/`, and a database; and the environment in which a workload of `k8s/` finds them.
final class LocalCluster implements AutoCloseable {

    static final String SECRET = "polar_whs_a-secret-that-nobody-guesses";

    private final Rendered production;
    private final Map<String, String> secrets = new HashMap<>();
    private final SecuredKafka kafka;
    private final EmbeddedPostgres postgres;

    /// Skips the test if kustomize is missing.
    LocalCluster(Map<String, String> secretsOfPolar) throws ExecutionException, InterruptedException {
        production = Rendered.of("production");
        Rendered resources = Rendered.of("production-kafka");
        Stream.of(production, resources).flatMap(all -> Secrets.referredTo(all).stream())
                .forEach(secret -> secrets.put(secret, UUID.randomUUID().toString()));
        secrets.putAll(Map.of("polar-production/webhook-secret", SECRET,
                "plinto-polar-database/username", EmbeddedPostgres.USER,
                "plinto-polar-database/password", EmbeddedPostgres.PASSWORD));
        secrets.putAll(secretsOfPolar);
        try {
            Path directory = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "own-stacks").toAbsolutePath()), "cluster-");
            var broker = CompletableFuture
                    .supplyAsync(() -> SecuredKafka.start(directory.resolve("kafka"), OwnStack.BROKER_CLASSES));
            postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
            kafka = broker.join();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        new KafkaResources(resources, secrets).make(kafka.bootstrapServers());
    }

    Rendered production() {
        return production;
    }

    Database database() {
        return Database.of(postgres);
    }

    /// The port where everything is allowed.
    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /// The workload's environment with addresses of this machine, and options for a small, short-lived JVM.
    Map<String, String> environment(Rendered all, JsonNode workload) {
        Map<String, String> here = new HashMap<>(PodEnvironment.of(all, workload, secrets));
        here.computeIfPresent("KAFKA_BOOTSTRAP_SERVERS", (name, servers) -> kafka.securedServers());
        here.computeIfPresent("KAFKA_SSL_TRUSTSTORE_LOCATION", (name, file) -> kafka.authority().toString());
        here.computeIfPresent("QUARKUS_DATASOURCE_REACTIVE_URL", (name, url) -> withOurPort(url));
        here.computeIfPresent("QUARKUS_OIDC_AUTH_SERVER_URL", (name, url) -> "http://127.0.0.1:" + FreePort.any());
        here.put("JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS + " -Xmx192m");
        return here;
    }

    String withOurPort(String url) {
        return url.replaceFirst("//[^/]+/", "//127.0.0.1:" + postgres.port() + "/");
    }

    /// The lag as KEDA measures it: by the user, group and topic of the trigger.
    long lagAsKedaSeesIt() throws Exception {
        JsonNode trigger = production.object("ScaledObject", "plinto-polar-projection").at("/spec/triggers/0/metadata");
        String user = production.object("ConfigMap", "plinto-polar-keda").at("/data/username").textValue();
        String topic = trigger.get("topic").textValue();
        try (Admin admin = Admin.create(clientOf(user, "plinto-polar-kafka/keda"))) {
            Map<TopicPartition, Long> committed = admin
                    .listConsumerGroupOffsets(trigger.get("consumerGroup").textValue()).partitionsToOffsetAndMetadata()
                    .get().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
            Map<TopicPartition, OffsetSpec> all = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic)
                    .partitions().stream().collect(Collectors.toMap(
                            partition -> new TopicPartition(topic, partition.partition()),
                            partition -> OffsetSpec.latest()));
            return admin.listOffsets(all).all().get().entrySet().stream()
                    .mapToLong(end -> end.getValue().offset() - committed.getOrDefault(end.getKey(), 0L)).sum();
        }
    }

    /// A consumer with the user and the password that Strimzi makes for a reader.
    Consumer<String, byte[]> reader(String user, String group) {
        Map<String, Object> settings = clientOf(user, user + "/password");
        settings.putAll(Map.of("group.id", group, "auto.offset.reset", "earliest", "allow.auto.create.topics", false));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> clientOf(String user, String secret) {
        return new HashMap<>(Map.of(
                "bootstrap.servers", kafka.securedServers(),
                "security.protocol", "SASL_SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", kafka.authority().toString(),
                "sasl.mechanism", "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, secrets.get(secret))));
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
    }
}
