package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.OpenApi;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OperateReconciliationTest {

    private final Database database = Database.ofSandbox();

    @TestHTTPResource("/")
    URI service;

    /// Such a caller wants a dry run, and a real run would surprise them.
    @ParameterizedTest
    @ValueSource(strings = {"dry_run", "dry_run=", "dry_run=1", "dry_run=yes", "dry_run=TRUE",
            "dry_run=false&dry_run=true"})
    void dryRunThatIsNeitherTrueNorFalse_isRefused_andStartsNoRun(String query) {
        List<String> wanted = wanted();

        assertProblem(new Operator(service, "usr_ops").post("reconcile?" + query), 400, "parameter-invalid");

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
                new Operator(service, "usr_ops").post(call + "?dryrun=true&type=t"), 400, "parameter-invalid"));

        assertThat(wanted()).isEqualTo(wanted);
    }

    private List<String> wanted() {
        return database.column("SELECT wanted_at::text FROM reconciliation");
    }
}
