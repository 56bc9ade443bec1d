package dev.plinto.polar.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ForgetUsageKeysTest {

    @Inject
    ForgetUsageKeys keys;

    private final Database database = Database.ofSandbox();
    private final String organization = "forget-" + UUID.randomUUID();

    @Test
    void keysOf45Days_areForgotten_howeverMany_andNoOthers() {
        int old = 2 * ForgetUsageKeys.SLICE + 1;
        add(old, "45 days 1 second");
        add(3, "44 days 23 hours 59 minutes");

        keys.forget();

        assertThat(database.number("SELECT count(*) FROM usage_keys WHERE organization = ?", organization))
                .isEqualTo(3);
    }

    private void add(int count, String age) {
        database.execute("""
                INSERT INTO usage_keys (organization, id, event_name, quantity, taken_at)
                SELECT ?, gen_random_uuid(), 'api_call', 1, clock_timestamp() - ?::interval
                FROM generate_series(1, ?)
                """, organization, age, count);
    }
}
