package dev.plinto.polar.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The session settings of the reactive client's connections, as PostgreSQL reports them.
@QuarkusTest
class DatabaseConnectionsTest {

    @Inject
    Pool pool;

    @ParameterizedTest
    @CsvSource({
            "idle_in_transaction_session_timeout, 5s", // a suspended replica loses its locks
            "enable_seqscan, off", "enable_hashjoin, off", "enable_mergejoin, off"}) // docs/adr/0010
    void sessionSetting_isInForce(String name, String value) {
        assertThat(pool.query("SHOW " + name).executeAndAwait().iterator().next().getString(0)).isEqualTo(value);
    }
}
