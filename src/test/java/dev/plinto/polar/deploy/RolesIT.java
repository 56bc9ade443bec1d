package dev.plinto.polar.deploy;

import static dev.plinto.polar.deploy.Rendered.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.EmbeddedPostgres;
import dev.plinto.polar.sandbox.FreePort;
import dev.plinto.polar.sandbox.GuardedKafka;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SignedDelivery;
import dev.plinto.polar.testing.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Production as `k8s/` has it, step by step, on a broker that asks who comes: topics and users, the migration, then
/// a replica of each Deployment with its environment. Only addresses are others, there is one broker, and there is no
/// Polar. Then the service of `deploy/compose.yaml` on the same broker and database.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SECRET = "polar_whs_a-secret-that-nobody-guesses";

    private static Rendered production;
    private static Map<String, String> secrets;
    private static GuardedKafka kafka;
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        production = Rendered.of("production"); // skips where there is nothing to render with
        Path directory = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "own-stacks").toAbsolutePath()), "cluster-");
        var broker = CompletableFuture.supplyAsync(() -> GuardedKafka.start(directory.resolve("kafka")));
        postgres = EmbeddedPostgres.start(directory.resolve("postgres"), FreePort.any());
        kafka = broker.join();
        Rendered resources = Rendered.of("production-kafka");
        secrets = new HashMap<>();
        Stream.of(production, resources).flatMap(all -> Secrets.referredTo(all).stream())
                .forEach(secret -> secrets.put(secret, UUID.randomUUID().toString()));
        secrets.putAll(Map.of("polar-production/webhook-secret", SECRET,
                "plinto-polar-database/username", EmbeddedPostgres.USER,
                "plinto-polar-database/password", EmbeddedPostgres.PASSWORD));
        new KafkaResources(resources, secrets).make(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            kafka.close();
            postgres.close();
        }
    }

    /// Who publishes what was received does not publish changes, and nobody makes or alters a topic.
    @Test
    @Order(1)
    void noUser_mayWriteMoreThanItsRolePublishes() {
        Map<String, Set<String>> writes = new TreeMap<>();
        Rendered.of("production-kafka").kind("KafkaUser").forEach(user -> {
            List<AclBinding> rights = KafkaResources.rights(user);
            writes.put(named(user).replace("plinto-polar-", ""), rights.stream()
                    .filter(right -> right.entry().operation() == AclOperation.WRITE)
                    .map(right -> right.pattern().name())
                    .collect(Collectors.toCollection(TreeSet::new)));
            assertThat(rights).extracting(right -> right.entry().operation()).doesNotContain(AclOperation.ALL,
                    AclOperation.CREATE, AclOperation.DELETE, AclOperation.ALTER, AclOperation.ALTER_CONFIGS);
        });

        assertThat(writes).isEqualTo(Map.of("ingress", Set.of(Topics.RECEIVED), "reconcile", Set.of(Topics.RECEIVED),
                "api", Set.of(Topics.RECEIVED), "projection", Set.of(), "keda", Set.of(),
                "relay", Set.of(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED, "plinto-polar-relay")));
    }

    @Test
    @Order(2)
    void migration_endsWithTheSchema_andDoesNothingTheSecondTime() throws Exception {
        Rendered migration = Rendered.of("production-migration");
        JsonNode job = migration.object("Job", "plinto-polar-migration");
        Map<String, String> environment = atHome(PodEnvironment.of(migration, job, secrets));
        List<String> arguments = Rendered.strings(Rendered.container(job).get("args"));

        assertThat(run(environment, arguments)).endsWith("0").contains("migrations applied now: ")
                .doesNotContain("now: 0");
        assertThat(run(environment, arguments)).endsWith("0").contains("migrations applied now: 0");
    }

    @Test
    @Order(3)
    void eachRole_doesItsWork_withItsOwnSettingsAndRights() throws Exception {
        Map<String, CompletableFuture<PackagedService>> starting = new TreeMap<>();
        production.kind("Deployment").forEach(deployment -> starting.put(named(deployment),
                CompletableFuture.supplyAsync(() ->
                        PackagedService.start(atHome(PodEnvironment.of(production, deployment, secrets))))));
        List<PackagedService> replicas = new ArrayList<>();
        try {
            starting.values().forEach(start -> replicas.add(start.join()));
            starting.forEach((name, start) -> assertThat(asked(production.object("Deployment", name)))
                    .allSatisfy(path ->
                            assertThat(start.join().get(path).statusCode()).as(name + path).isEqualTo(200)));

            PackagedService ingress = starting.get("plinto-polar-ingress").join();
            String path = production.object("Ingress", "plinto-polar-ingress")
                    .at("/spec/rules/0/http/paths/0/path").textValue();
            assertThat(delivery().send(URI.create(ingress.baseUrl() + path)).statusCode()).isEqualTo(202);

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(new TopicReader(kafka.bootstrapServers())
                    .messages(Topics.ENTITLEMENT_CHANGED)).singleElement()
                    .satisfies(message -> assertThat(message.key()).isEqualTo("org-of-the-cluster")));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(lagAsKedaSeesIt()).isZero());
            assertThat(replicas).extracting(PackagedService::output).allSatisfy(output ->
                    assertThat(output).doesNotContainIgnoringCase("not authorized", "AuthorizationException"));
        } finally {
            replicas.forEach(PackagedService::terminate);
            replicas.forEach(PackagedService::close);
        }
    }

    @Test
    @Order(4)
    void serviceOfCompose_getsReady_andItsHealthcheckSeesIt() throws Exception {
        Map<String, String> environment = Compose.read().environment("plinto-polar", Map.of());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.compute("QUARKUS_DATASOURCE_REACTIVE_URL", (name, url) -> withOurPort(url));
        new Database(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD).execute(
                "ALTER ROLE %s PASSWORD '%s'".formatted(environment.get("QUARKUS_DATASOURCE_USERNAME"),
                        environment.get("QUARKUS_DATASOURCE_PASSWORD")));
        environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

        try (PackagedService service = PackagedService.start(environment)) {
            List<String> healthcheck = Compose.read().healthcheck("plinto-polar").stream()
                    .map(word -> word.replace("8080", Integer.toString(URI.create(service.baseUrl()).getPort())))
                    .toList();
            assertThat(new ProcessBuilder(healthcheck).inheritIO().start().onExit().join().exitValue()).isZero();
        }
    }

    /// What the kubelet and Prometheus ask for.
    private static List<String> asked(JsonNode deployment) {
        return Stream.concat(
                Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                        .map(probe -> Rendered.container(deployment).at("/" + probe + "/httpGet/path").textValue()),
                production.kind("ServiceMonitor").map(monitor -> monitor.at("/spec/endpoints/0/path").textValue()))
                .toList();
    }

    /// With the addresses of this machine, and a JVM that lives for seconds.
    private static Map<String, String> atHome(Map<String, String> environment) {
        Map<String, String> here = new HashMap<>(environment);
        here.computeIfPresent("KAFKA_BOOTSTRAP_SERVERS", (name, servers) -> kafka.guardedServers());
        here.computeIfPresent("KAFKA_SSL_TRUSTSTORE_LOCATION", (name, file) -> kafka.authority().toString());
        here.computeIfPresent("QUARKUS_DATASOURCE_REACTIVE_URL", (name, url) -> withOurPort(url));
        here.put("POLAR_API_URL", "http://127.0.0.1:" + FreePort.any());
        here.put("POLAR_RECONCILE_PERIOD", "0");
        here.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        return here;
    }

    private static String withOurPort(String url) {
        return url.replaceFirst("//[^/]+/", "//127.0.0.1:" + postgres.port() + "/");
    }

    /// What it prints, and its exit code.
    private static String run(Map<String, String> environment, List<String> arguments) throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "migration-", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar", "target/quarkus-app/quarkus-run.jar"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int exitCode = builder.start().onExit().join().exitValue();
        return Files.readString(log) + exitCode;
    }

    private static SignedDelivery delivery() {
        byte[] body = """
                {"type": "benefit_grant.created", "timestamp": "%s", "data": {
                  "id": "grant-1", "customer_id": "customer-1", "benefit_id": "benefit-1", "is_granted": true,
                  "customer": {"id": "customer-1", "external_id": "org-of-the-cluster",
                               "created_at": "2026-10-01T09:00:00Z"},
                  "benefit": {"id": "benefit-1", "type": "custom", "description": "Help", "metadata": {},
                              "created_at": "2026-10-01T09:00:00Z"}}}
                """.formatted(Instant.now()).getBytes(StandardCharsets.UTF_8);
        return SignedDelivery.of("evt_" + UUID.randomUUID(), body, Instant.now(),
                SECRET.getBytes(StandardCharsets.UTF_8));
    }

    /// By the user, group and topic that the trigger names.
    private static long lagAsKedaSeesIt() throws Exception {
        JsonNode trigger = production.object("ScaledObject", "plinto-polar-projection").at("/spec/triggers/0/metadata");
        String user = production.object("ConfigMap", "plinto-polar-keda").at("/data/username").textValue();
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", kafka.guardedServers(),
                "security.protocol", "SASL_SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", kafka.authority().toString(),
                "sasl.mechanism", "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, secrets.get("plinto-polar-kafka/keda"))))) {
            Map<TopicPartition, Long> committed = admin
                    .listConsumerGroupOffsets(trigger.get("consumerGroup").textValue()).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
            Map<TopicPartition, OffsetSpec> all = admin.describeTopics(List.of(trigger.get("topic").textValue()))
                    .allTopicNames().get().get(trigger.get("topic").textValue()).partitions().stream()
                    .collect(Collectors.toMap(partition -> new TopicPartition(trigger.get("topic").textValue(),
                            partition.partition()), partition -> OffsetSpec.latest()));
            return admin.listOffsets(all).all().get().entrySet().stream()
                    .mapToLong(end -> end.getValue().offset() - committed.getOrDefault(end.getKey(), 0L)).sum();
        }
    }
}
