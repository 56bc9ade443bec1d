package dev.plinto.polar.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.Problem;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ReadModelsTest {

    private final Database database = Database.ofSandbox();
    private final String webhookId = UUID.randomUUID().toString();
    private Connection turn;
    private ReadModels models;

    @Inject
    RequestQueries requests;

    /// Keeps the service from reading the events again meanwhile.
    @BeforeEach
    void takeTurn() throws SQLException {
        turn = database.connect();
        try (Statement statement = turn.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtext('read kept events again'))");
        }
        database.execute("UPDATE inbox SET statements = 1 WHERE statements IS NULL");
        database.execute("CREATE TABLE lists_before AS TABLE reconciliation_lists");
        database.execute("DELETE FROM reconciliation_lists");
        models = new ReadModels(requests);
    }

    @AfterEach
    void restore() throws SQLException {
        database.execute("DELETE FROM inbox WHERE webhook_id = ?", webhookId);
        database.execute("DELETE FROM reconciliation_lists");
        database.execute("INSERT INTO reconciliation_lists TABLE lists_before");
        database.execute("DROP TABLE lists_before");
        turn.close();
    }

    @Test
    void listThatWasNeverRead_isNotReady_untilItIs() {
        listed("order");
        require(ReadModel.ORDERS);
        assertNotReady("Polar's list of products ", ReadModel.ORDERS, ReadModel.PRODUCTS);
        assertNotReady("the scope customer_seats:read", ReadModel.SEATS);

        listed("product");

        require(ReadModel.ORDERS, ReadModel.PRODUCTS);
        assertNotReady("Polar's list of seats ", ReadModel.SEATS);
    }

    @Test
    void keptEvent_isNotReady_untilItIsReadAgain() {
        listed("product");
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, origin, projected_at) "
                + "VALUES (?, 'product.created', 'ignored', now(), now(), 'webhook', now())", webhookId);
        assertNotReady("reads the events again", ReadModel.PRODUCTS);

        database.execute("UPDATE inbox SET statements = 1 WHERE webhook_id = ?", webhookId);

        require(ReadModel.PRODUCTS);
    }

    /// Else replicas of the release before would make the calls fail for as long as they run.
    @Test
    void whatIsReady_staysReady() {
        listed("product");
        require(ReadModel.PRODUCTS);
        database.execute("INSERT INTO inbox (webhook_id, type, outcome, moment, received_at, origin, projected_at) "
                + "VALUES (?, 'product.created', 'ignored', now(), now(), 'webhook', now())", webhookId);

        require(ReadModel.PRODUCTS);
    }

    private void listed(String kind) {
        database.execute("INSERT INTO reconciliation_lists (kind, read_at) VALUES (?, now())", kind);
    }

    private void require(ReadModel... needed) {
        models.require(needed).await().indefinitely();
    }

    private void assertNotReady(String text, ReadModel... needed) {
        assertThatThrownBy(() -> require(needed)).isInstanceOfSatisfying(WebApplicationException.class, refused -> {
            assertThat(refused.getResponse().getStatus()).isEqualTo(503);
            assertThat(refused.getResponse().getHeaderString("retry-after")).isEqualTo("10");
            assertThat(refused.getResponse().getEntity()).isInstanceOfSatisfying(Problem.Document.class,
                    problem -> assertThat(problem.detail()).contains(text));
            assertThat(((Problem.Document) refused.getResponse().getEntity()).type())
                    .isEqualTo("urn:plinto:polar:not-ready");
        });
    }
}
