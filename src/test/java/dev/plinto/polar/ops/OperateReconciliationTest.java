package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OperateReconciliationTest extends AsOperator {

    /// Such a caller wants a dry run, and a real run would surprise them.
    @ParameterizedTest
    @ValueSource(strings = {"dry_run", "dry_run=", "dry_run=1", "dry_run=yes", "dry_run=TRUE",
            "dry_run=false&dry_run=true"})
    void dryRunThatIsNeitherTrueNorFalse_isRefused_andStartsNoRun(String query) {
        List<String> wanted = wanted();

        assertProblem(operator.post("reconcile?" + query), 400, "parameter-invalid");

        assertThat(wanted()).isEqualTo(wanted);
    }

    /// By every call that changes something: the parameter may be a typo of a known one.
    @Test
    void unknownParameter_isRefused() {
        List<String> wanted = wanted();
        List<String> calls = new OpenApi().operations().stream()
                .filter(operation -> operation.startsWith("POST /api/v1/polar/ops/"))
                .map(operation -> operation.replace("POST /api/v1/polar/ops/", "").replaceAll("\\{.*?}", "some"))
                .toList();

        assertThat(calls).contains("reconcile").allSatisfy(call -> assertProblem(
                operator.post(call + "?dryrun=true&type=t"), 400, "parameter-invalid"));

        assertThat(wanted()).isEqualTo(wanted);
    }

    /// An interrupted run has no end; repairs of later runs do not count as its own.
    @Test
    void repairs_countForTheirOwnRun() {
        String event = "repair-" + UUID.randomUUID();
        database.execute("INSERT INTO reconciliation_runs (started_at) VALUES "
                + "('2025-01-01'), ('2025-01-02'), ('2025-01-03')");
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, projected_at, origin) "
                + "VALUES (?, 'a.snapshot', 'applied', now(), '2025-01-02', '2025-01-02', 'reconcile')", event);
        try {
            Map<String, Long> repairs = new HashMap<>();
            Operator.json(operator.get("reconcile")).path("runs").forEach(
                    run -> repairs.put(run.path("started_at").asText().substring(0, 10), run.path("repairs").asLong()));

            assertThat(repairs).containsEntry("2025-01-01", 0L).containsEntry("2025-01-02", 1L);
        } finally {
            database.execute("DELETE FROM inbox WHERE webhook_id = ?", event);
            database.execute("DELETE FROM reconciliation_runs WHERE started_at < '2026-01-01'");
        }
    }

    @Test
    void dryRunThatPolarLimits_isAnsweredWithPolarsTime() throws IOException {
        URI polar = URI.create(ConfigProvider.getConfig().getValue("polar.api.url", String.class));
        HttpServer server = HttpServer.create(new InetSocketAddress(polar.getHost(), polar.getPort()), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "0");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        server.start();
        try {
            HttpResponse<String> limited = operator.post("reconcile?dry_run=true");

            assertProblem(limited, 503, "polar-unavailable");
            assertThat(limited.headers().firstValue("retry-after")).hasValue("1");
        } finally {
            server.stop(0);
        }
    }

    private List<String> wanted() {
        return database.column("SELECT wanted_at::text FROM reconciliation");
    }
}
