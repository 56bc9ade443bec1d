package dev.plinto.polar.ops.console;

import static dev.plinto.polar.testing.Operator.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every page of the console. [ConsoleBrowserTest] tests them in a browser.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class EveryPageTest extends AsOperator {

    @ParameterizedTest
    @ValueSource(strings = {"/ops", "/ops/events", "/ops/events/none", "/ops/accounts", "/ops/parked",
            "/ops/parked/replay?reason=failed", "/ops/parked/discard?reason=failed", "/ops/reconciliation",
            "/ops/reconciliation/run", "/ops/audit",
            "/ops/contradictions", "/ops/unlinked", "/ops/double-subscriptions", "/ops/usage", "/ops/erasures",
            "/ops/usage?organization_id=org-1", "/ops/nowhere"})
    void everyPage_forbidsForeignContent(String page) {
        HttpResponse<String> answer = visitor.get(page);

        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; style-src 'self'; script-src 'self'")
                .contains("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'").doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.body()).doesNotContainPattern("(?i)<style|style=|<script>|\\son\\w+=|NOT_FOUND");
    }

    @Test
    void markupInDataOfPolar_isEscaped() {
        String mark = "<img src=x onerror=alert(1)>" + UUID.randomUUID();
        String id = "\"><script>" + UUID.randomUUID();
        database.execute("INSERT INTO parked (webhook_id, type, reason, detail, received_at, origin, body) "
                + "VALUES (?, ?, 'failed', ?, now(), 'webhook', ?)", id, mark, mark,
                ("{\"type\":\"a\",\"" + "<b>" + "\":{\"id\":1}}").getBytes(StandardCharsets.UTF_8));
        try {
            for (String page : List.of("/ops/events", "/ops/events/" + encoded(id),
                    "/ops/parked/replay?webhook_id=" + encoded(id), "/ops/parked?reason=failed&type=" + encoded(mark),
                    "/ops/events?type=" + encoded(mark), "/ops/accounts?account=" + encoded(mark))) {
                HttpResponse<String> answer = visitor.get(page);
                assertThat(answer.statusCode()).as(page).isEqualTo(200);
                assertThat(answer.body()).as(page).contains("&lt;").doesNotContain("<img", "<script>", "<b>");
            }
        } finally {
            database.execute("DELETE FROM parked WHERE webhook_id = ?", id);
        }
    }

    /// The database would refuse such a value; that must not count as an outage.
    @ParameterizedTest
    @CsvSource({"/ops/parked/replay?webhook_id=%00, 404", "/ops/events?from=%2B99999-01-01T00:00:00Z, 400",
            "/ops/events?until=-9999-01-01T00:00:00Z, 400", "/ops/accounts?account=a&at=%2B99999-01-01T00:00:00Z, 400",
            "/ops/events?webhook_id=%00, 400", "/ops/accounts?account=%00, 400", "/ops/events/%00, 404",
            "/ops/parked?type=%00, 400"})
    void valueThatCannotBeStored_isRefused(String page, int status) {
        assertThat(visitor.get(page).statusCode()).isEqualTo(status);
    }

    @Test
    void page_reportsADatabaseThatDoesNotAnswer() throws SQLException {
        try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE");

            HttpResponse<String> answer = visitor.get("/ops/audit");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("<h1>The database does not answer</h1>", "/q/health/ready");
            connection.rollback();
        }
    }
}
