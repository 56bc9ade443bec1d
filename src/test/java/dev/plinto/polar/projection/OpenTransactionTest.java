package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.plinto.polar.projection.OpenTransaction.Answer;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Pipelined statements are committed together or not at all.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class OpenTransactionTest {

    private static final String DIVISION_BY_ZERO = "22012";

    @Inject
    Transactions transactions;

    private final String topic = "transaction-test-" + UUID.randomUUID();

    @Test
    void statementAfterAFailure_isNotStored() {
        Throwable failure = catchThrowable(() -> transactions.inOne(transaction -> {
            insert(transaction, 1);
            Answer failing = transaction.send("SELECT 1 / 0");
            assertThat(catchThrowable(failing::rowCount)).isInstanceOf(PgException.class);
            insert(transaction, 2);
            return null;
        }));
        assertThat(failure).isInstanceOf(PgException.class);
        assertThat(stored()).isZero();
    }

    @Test
    void failedStatementWhoseAnswerIsNotRead_failsTheCommit() {
        assertDivisionByZero(catchThrowable(() -> transactions.inOne(transaction -> {
            insert(transaction, 1);
            transaction.send("SELECT 1 / 0");
            return null;
        })));
        assertThat(stored()).isZero();
    }

    @Test
    void firstFailure_isThrown() {
        assertDivisionByZero(catchThrowable(() -> transactions.inOne(transaction -> {
            transaction.send("SELECT 1 / 0");
            return transaction.send("SELECT 1").rowCount();
        })));
    }

    @Test
    void workThatThrows_storesNothing_andReturnsTheConnection() {
        for (int i = 0; i < 30; i++) { // more often than the pool has connections
            assertThat(catchThrowable(() -> transactions.inOne(transaction -> {
                insert(transaction, 1);
                throw new IllegalStateException("the work fails");
            }))).hasMessage("the work fails");
        }
        assertThat(stored()).isZero();
        transactions.inOne(transaction -> insert(transaction, 1));
        assertThat(stored()).isEqualTo(1);
        Database.ofSandbox().execute("DELETE FROM positions WHERE topic_id = ?", topic);
    }

    private Answer insert(OpenTransaction transaction, int partition) {
        return transaction.send("INSERT INTO positions (topic_id, partition, next_offset) VALUES ($1, $2, 0)",
                Tuple.of(topic, partition));
    }

    private long stored() {
        return Database.ofSandbox().number("SELECT count(*) FROM positions WHERE topic_id = ?", topic);
    }

    private static void assertDivisionByZero(Throwable failure) {
        assertThat(failure).isInstanceOf(PgException.class);
        assertThat(((PgException) failure).getSqlState()).isEqualTo(DIVISION_BY_ZERO);
    }
}
