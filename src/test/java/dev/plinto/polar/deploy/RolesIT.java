package dev.plinto.polar.deploy;

import static dev.plinto.polar.deploy.Rendered.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.Topics;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.testing.EndState;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.TokenIssuer;
import dev.plinto.polar.testing.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Production as in `k8s/`, step by step, on a broker with authentication and ACLs: topics and users, the migration,
/// then two replicas of each Deployment with its environment, one of each killed. Only the addresses differ, there is
/// one broker, and Polar is simulated. Then the service of `deploy/compose.yaml` on the same broker and database.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolesIT {

    private static final String READER = "polar-reader-example";
    private static final String INGRESS = "plinto-polar-ingress";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TokenIssuer tokens = new TokenIssuer();

    private static Rendered production;
    private static LocalCluster cluster;
    private static BusyPolar busyPolar;
    private static Pods pods;

    @BeforeAll
    static void start() throws Exception {
        cluster = new LocalCluster(Map.of("polar-production/access-token", PolarServer.ACCESS_TOKEN));
        production = cluster.production();
        busyPolar = new BusyPolar(production.object("ConfigMap", settingsOf(production.object("Deployment", INGRESS)))
                .at("/data/POLAR_WEBHOOK_URL").textValue());
    }

    @AfterAll
    static void stop() {
        Stream.of(pods, busyPolar, cluster, tokens).filter(Objects::nonNull).forEach(RolesIT::close);
    }

    /// The publisher of deliveries does not publish changes, and no user creates or alters a topic.
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

        Set<String> raw = Set.of(Topics.RECEIVED, Topics.CONEKTA_RECEIVED);
        assertThat(writes).isEqualTo(Map.of("ingress", raw, "reconcile", raw, "api", raw, "projection", Set.of(),
                "usage", Set.of(), "keda", Set.of(),
                "polar-reader-example", Set.of(), "relay",
                Set.of(Topics.SUBSCRIPTION_CHANGED, Topics.ENTITLEMENT_CHANGED, Topics.ERASURES,
                        "plinto-polar-relay")));
    }

    @Test
    @Order(2)
    void migration_endsWithTheSchema_andDoesNothingTheSecondTime() throws Exception {
        Rendered migration = Rendered.of("production-migration");
        JsonNode job = migration.object("Job", "plinto-polar-migration");
        Map<String, String> environment = cluster.environment(migration, job);
        List<String> arguments = Rendered.strings(Rendered.container(job).get("args"));

        assertThat(run(environment, arguments)).endsWith("0").contains("migrations applied now: ")
                .doesNotContain("now: 0");
        assertThat(run(environment, arguments)).endsWith("0").contains("migrations applied now: 0");
    }

    @Test
    @Order(3)
    void eachRole_doesItsWork_withItsOwnSettingsAndRights() {
        pods = new Pods(production.kind("Deployment"), RolesIT::atHome);
        pods.deployments()
                .forEach((role, deployment) -> assertThat(pods.of(role)).hasSize(2)
                        .allSatisfy(replica -> assertThat(asked(deployment)).allSatisfy(
                                path -> assertThat(replica.get(path).statusCode()).as(role + path).isEqualTo(200))));

        String path = production.object("Ingress", INGRESS).at("/spec/rules/0/http/paths/0/path").textValue();
        busyPolar.open(attempt -> URI.create(pods.of("ingress").get(attempt % 2).baseUrl() + path)); // dead or alive

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(new TopicReader(cluster.bootstrapServers())
                .messages(Topics.ENTITLEMENT_CHANGED)).extracting(TopicReader.Message::key).contains("org-0"));
        await().atMost(PATIENCE).until(() -> pods.sum("relay", "polar_relay_leader") == 1);
        awaitAssigned(2);
    }

    @Test
    @Order(4)
    void reader_readsTheChangeTopics_withGroupsOfItsName_andNothingElse() {
        try (var reader = cluster.reader(READER, READER + "-search")) {
            reader.subscribe(List.of(Topics.ENTITLEMENT_CHANGED));
            await().atMost(PATIENCE).until(() -> !reader.poll(Duration.ofMillis(100)).isEmpty());
        }
        assertThatThrownBy(() -> read(READER + "-search", Topics.RECEIVED))
                .isInstanceOf(TopicAuthorizationException.class);
        List.of("plinto-polar-projection", READER + "s-of-another-team").forEach(
                group -> assertThatThrownBy(() -> read(group, Topics.SUBSCRIPTION_CHANGED))
                        .isInstanceOf(GroupAuthorizationException.class));
    }

    private static void read(String group, String topic) {
        try (var reader = cluster.reader(READER, group)) {
            reader.subscribe(List.of(topic));
            reader.poll(PATIENCE);
        }
    }

    /// During continued activity at Polar; and checks the metrics in between.
    @Test
    @Order(5)
    void killedReplicaOfEachRole_isNoticed_andItsSiblingTakesOver() {
        await().atMost(PATIENCE).until(() -> pods.max("projection", "polar_partition_lag_seconds") < 1);
        killed("projection", replica -> true);
        await().atMost(PATIENCE).until(() -> pods.max("projection", "polar_partition_lag_seconds") > 3);

        killed("ingress", replica -> true);
        double acknowledged = pods.sum("ingress", "polar_webhook_ack_seconds_count");
        await().atMost(PATIENCE)
                .until(() -> pods.sum("ingress", "polar_webhook_ack_seconds_count") > acknowledged + 10);

        killed("relay", replica -> replica.gauge("polar_relay_leader").orElse(0) == 1);
        await().atMost(PATIENCE).until(() -> pods.sum("relay", "polar_relay_leader") == 1);

        killed("api", replica -> true);
        assertThat(pods.of("api").stream().filter(Pods::isUp)).singleElement().satisfies(RolesIT::answers);

        awaitAssigned(1);
        await().atMost(PATIENCE).until(() -> pods.max("projection", "polar_partition_lag_seconds") < 1);

        await().atMost(PATIENCE).until(RolesIT::isBetweenRuns);
        killed("reconcile", replica -> true);
        double now = Instant.now().getEpochSecond();
        pods.of("api").stream().filter(Pods::isUp).forEach(RolesIT::requestRun);
        await().atMost(PATIENCE)
                .until(() -> pods.max("reconcile", "polar_reconcile_last_success_timestamp_seconds") > now + 1);
    }

    @Test
    @Order(6)
    void afterwards_everythingIsProjected_andPublishedOnce() throws Exception {
        busyPolar.stop();
        await().atMost(PATIENCE).until(() -> busyPolar.pending() == 0);
        new EndState(cluster.database(), new TopicReader(cluster.bootstrapServers())).awaitDrained(PATIENCE)
                .everyChangeWasPublishedOnceInOrder().newestMessagesMatchStoredState();
        assertThat(cluster.database().column("SELECT webhook_id FROM inbox")).containsAll(busyPolar.acknowledged());
        assertThat(cluster.database().column("SELECT webhook_id FROM parked")).isEmpty();
        assertThat(new TreeSet<>(cluster.database().column("SELECT id FROM grants WHERE account IS NOT NULL")))
                .isEqualTo(busyPolar.liveGrants());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(cluster.lagAsKedaSeesIt()).isZero());
        pods.close();
        assertThat(pods.all()).extracting(PackagedService::output).allSatisfy(
                output -> assertThat(output).doesNotContainIgnoringCase("not authorized", "AuthorizationException"));
    }

    @Test
    @Order(7)
    void composeService_becomesReady_andPassesItsHealthcheck() throws Exception {
        Map<String, String> environment = Compose.read().environment("plinto-polar", Map.of());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrapServers());
        environment.compute("QUARKUS_DATASOURCE_REACTIVE_URL", (name, url) -> cluster.withOurPort(url));
        cluster.database().execute(
                "ALTER ROLE %s PASSWORD '%s'".formatted(environment.get("QUARKUS_DATASOURCE_USERNAME"),
                        environment.get("QUARKUS_DATASOURCE_PASSWORD")));
        environment.put("JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS);

        try (PackagedService service = PackagedService.start(environment)) {
            List<String> healthcheck = Compose.read().healthcheck("plinto-polar").stream()
                    .map(word -> word.replace("8080", Integer.toString(URI.create(service.baseUrl()).getPort())))
                    .toList();
            assertThat(new ProcessBuilder(healthcheck).inheritIO().start().onExit().join().exitValue()).isZero();
        }
    }

    /// The paths that the kubelet and Prometheus request.
    private static List<String> asked(JsonNode deployment) {
        return Stream.concat(
                Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                        .map(probe -> Rendered.container(deployment).at("/" + probe + "/httpGet/path").textValue()),
                production.kind("ServiceMonitor").map(monitor -> monitor.at("/spec/endpoints/0/path").textValue()))
                .toList();
    }

    /// The environment with short waits, our token issuer, and the simulated Polar.
    private static Map<String, String> atHome(JsonNode deployment) {
        Map<String, String> here = cluster.environment(production, deployment);
        here.putAll(tokens.environment());
        here.putAll(OwnStack.SHORT_WAITS);
        here.putAll(Map.of("PLINTO_JWT_ISSUER", TokenIssuer.ISSUER, "PLINTO_JWT_AUDIENCE", TokenIssuer.AUDIENCE,
                "POLAR_API_URL", busyPolar.apiUrl().toString(), "POLAR_SANDBOX", "true",
                "POLAR_RECONCILE_PERIOD", "1m", "POLAR_RECONCILE_RETRY", "1s",
                "POLAR_PROJECTION_SESSION_TIMEOUT", "10s")); // long enough to be seen as lag
        return here;
    }

    /// Kills one replica of a role; returns it when a scrape finds it gone.
    private static PackagedService killed(String role, Predicate<PackagedService> which) {
        assertThat(pods.of(role)).allMatch(Pods::isUp);
        PackagedService replica = pods.of(role).stream().filter(which).findFirst().orElseThrow();
        replica.kill();
        assertThat(pods.of(role)).filteredOn(Pods::isUp).hasSize(1).doesNotContain(replica);
        return replica;
    }

    /// Waits until all partitions of the raw topic are assigned, and each replica has some.
    private static void awaitAssigned(int replicas) {
        String assigned = "kafka_consumer_coordinator_assigned_partitions";
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(pods.series("projection", assigned)).hasSize(replicas)
                .allMatch(partitions -> partitions > 0)
                .satisfies(each -> assertThat(each.stream().mapToDouble(value -> value).sum()).isEqualTo(12)));
    }

    private static void answers(PackagedService api) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(
                URI.create(api.baseUrl() + "/api/v1/polar/entitlements?organization_id=org-0"))
                .header("authorization", "Bearer " + tokens.service()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"account\":\"org-0\"");
    }

    /// As an operator.
    private static void requestRun(PackagedService api) {
        assertThat(send(HttpRequest.newBuilder(URI.create(api.baseUrl() + "/api/v1/polar/ops/reconcile"))
                .header("authorization", "Bearer " + tokens.operator())
                .POST(HttpRequest.BodyPublishers.noBody())).statusCode()).isEqualTo(202);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /// A replica that is killed during a run keeps its lease for 40 s. The next run begins a minute after the last.
    private static boolean isBetweenRuns() {
        return cluster.database().number("SELECT count(*) FROM reconciliation WHERE expires_at < clock_timestamp() "
                + "AND succeeded_at > clock_timestamp() - interval '50 s'") == 1;
    }

    private static String settingsOf(JsonNode deployment) {
        return Rendered.container(deployment).at("/envFrom/0/configMapRef/name").textValue();
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Its output, followed by its exit code.
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
}
