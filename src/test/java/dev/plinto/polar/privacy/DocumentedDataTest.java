package dev.plinto.polar.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.HeldData;
import dev.plinto.polar.HeldTable;
import dev.plinto.polar.HeldTopic;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/privacy.md` has what the rooms say they hold.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class DocumentedDataTest {

    private static final Path DOCUMENT = Path.of("docs/privacy.md");
    private static final Path EXPECTED = Path.of("target/held-data.md");
    private static final String BEGIN = "<!-- What follows is compared with the code by a test. -->\n";
    private static final String END = "<!-- Until here. -->";

    @Inject
    Rooms rooms;

    @Test
    void tablesOfTheDocument_areThoseOfTheRooms() throws IOException {
        String document = Files.readString(DOCUMENT);
        String expected = expected();
        Files.writeString(EXPECTED, expected);

        assertThat(document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END)))
                .as("what stands in " + DOCUMENT + "; take it from " + EXPECTED).isEqualTo(expected);
    }

    private String expected() {
        return "\n| room | table | exported | an erasure |\n|---|---|---|---|\n"
                + rooms.all().stream().flatMap(room -> room.tables().stream()
                        .filter(table -> table.rows().isPresent()).map(table -> row(room, table)))
                        .collect(Collectors.joining())
                + "\nThese tables hold nothing on an organization but ids and times: "
                + code(rooms.tables().stream().filter(table -> table.rows().isEmpty()).map(HeldTable::name).sorted()
                        .toList())
                + ".\n\n| topic | can hold personal data | how it goes |\n|---|---|---|\n"
                + rooms.topics().stream().map(DocumentedDataTest::row).collect(Collectors.joining()) + "\n";
    }

    private static String row(HeldData room, HeldTable table) {
        return "| `%s` | `%s` | %s | %s |\n".formatted(room.room(), table.name(), code(table.exported()), left(table));
    }

    private static String left(HeldTable table) {
        String waits = table.busyRows().isPresent() ? ", once nobody uses them" : "";
        if (table.isDeleted()) {
            return "deletes the rows" + waits;
        }
        return table.cleared().isEmpty() ? "leaves all" : "empties " + code(table.cleared().keySet()) + waits;
    }

    private static String row(HeldTopic topic) {
        return "| `%s` | %s | %s |\n".formatted(topic.name(), topic.isPersonal() ? "yes" : "no", topic.ending());
    }

    private static String code(Collection<String> names) {
        return List.copyOf(names).stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}
