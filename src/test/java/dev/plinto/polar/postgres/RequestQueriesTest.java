package dev.plinto.polar.postgres;

import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.Operator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Only what the database does is answered as `database-unavailable`.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class RequestQueriesTest {

    @Inject
    RequestQueries queries;

    @TestHTTPResource("/")
    URI service;

    @Test
    void rowThatTheCodeCannotRead_isAFault_namedByItsPlace() {
        assertThatThrownBy(() -> queries.query("SELECT 1", Tuple.tuple(), row -> row.getJsonObject(0).getString("x"))
                .await().indefinitely())
                .isInstanceOf(FaultyQuery.class)
                .hasMessageContaining("RequestQueriesTest.java:")
                .hasCauseInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT nothing FROM nowhere", "SELECT 1 / 0", "SELECT 'secret'::int"})
    void statementThatPostgresRefuses_isAFault_andItsValuesAreNotRepeated(String sql) {
        assertThatThrownBy(() -> queries.query(sql, Tuple.tuple(), row -> row).await().indefinitely())
                .isInstanceOf(FaultyQuery.class)
                .hasMessageContaining("RequestQueriesTest.java:").hasMessageContaining("SQLSTATE ")
                .hasMessageNotContaining("secret").hasNoCause();
    }

    @Test
    void parameterOfTheWrongKind_isAFault() {
        assertThatThrownBy(() -> queries.query("SELECT $1::int", Tuple.of("one"), row -> row).await().indefinitely())
                .isInstanceOf(FaultyQuery.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT pg_terminate_backend(pg_backend_pid())",
            "SELECT pg_cancel_backend(pg_backend_pid())", "SELECT pg_sleep(1)"})
    void databaseThatStopsCancelsOrIsSlow_isAway(String sql) {
        assertThatThrownBy(() -> queries.query(sql, Tuple.tuple(), Duration.ofMillis(500), row -> row)
                .await().indefinitely())
                .isInstanceOfSatisfying(WebApplicationException.class,
                        problem -> assertThat(problem.getResponse().getStatus()).isEqualTo(503));
    }

    @Test
    void callWithAFaultyQuery_isAnsweredAsAnInternalError() {
        Database database = Database.ofSandbox();
        database.execute("ALTER TABLE audit_log RENAME TO hidden");
        try {
            HttpResponse<String> answer = new Operator(service, "usr_operator").get("audit");

            assertProblem(answer, 500, "internal-error");
            assertThat(answer.body()).doesNotContain("audit");
        } finally {
            database.execute("ALTER TABLE hidden RENAME TO audit_log");
        }
    }
}
