package dev.plinto.polar.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.HeldTable;
import dev.plinto.polar.HeldTopic;
import dev.plinto.polar.testing.Database;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/// The schema and the topics, against what the rooms say they hold.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class NoStoreIsForgottenTest {

    private static final String REMEDY = "say in the HeldData of the room what the column holds, whether it is "
            + "exported, and what an erasure leaves of it";

    @Inject
    Rooms rooms;

    private final Database database = Database.ofSandbox();

    @Test
    void everyColumn_isClaimedByExactlyOneRoom() {
        List<String> stored = database.column("""
                SELECT relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                  AND attnum > 0 AND NOT attisdropped
                """);
        List<String> claimed = rooms.tables().stream()
                .flatMap(table -> table.columns().keySet().stream().map(column -> table.name() + "." + column))
                .toList();

        assertThat(claimed).as(REMEDY).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(stored);
    }

    @Test
    void everyTopic_isClaimedByExactlyOneRoom() throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", SandboxStack.settings().get("kafka.bootstrap.servers"));
        try (Admin admin = Admin.create(settings)) {
            assertThat(rooms.topics().stream().map(HeldTopic::name)).as(REMEDY)
                    .containsExactlyInAnyOrderElementsOf(admin.listTopics().names().get());
        }
    }

    /// What is read by a table's conditions is read and erased in an order, or two erasures could deadlock.
    @Test
    void tablesWithRowsOfOrganizations_haveAnOrder() {
        assertThat(rooms.tables()).filteredOn(table -> table.rows().isPresent())
                .allSatisfy(table -> assertThat(table.order()).as(table.name()).isNotEmpty());
    }

    @Test
    void whatIsErased_isExportedToo() {
        assertThat(rooms.tables()).allSatisfy(table -> assertThat(table.exported()).as(table.name())
                .containsAll(personal(table)));
    }

    /// Those that an erasure empties, but for marks of ours.
    private static List<String> personal(HeldTable table) {
        return table.columns().entrySet().stream()
                .filter(column -> column.getValue().cleared() != null && !column.getKey().endsWith("_at"))
                .map(Map.Entry::getKey).toList();
    }
}
