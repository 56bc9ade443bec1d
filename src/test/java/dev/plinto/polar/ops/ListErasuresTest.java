package dev.plinto.polar.ops;

import static dev.plinto.polar.testing.Operator.json;
import static dev.plinto.polar.testing.ProblemDocument.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.testing.AsOperator;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What operators see of erasures, whose steps nobody takes here.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class ListErasuresTest extends AsOperator {

    private static final String TROUBLE = "Polar does not answer";

    private final String organization = "erased-" + UUID.randomUUID();

    @AfterEach
    void forget() {
        database.execute("DELETE FROM erasure_steps WHERE erasure IN (SELECT id FROM erasures WHERE organization = ?)",
                organization);
        database.execute("DELETE FROM erasures WHERE organization = ?", organization);
    }

    @Test
    void pendingOnes_areFirst_thenTheNewest_pageByPage() {
        String older = erasure("3 days", "2 days", null);
        String newer = erasure("1 day", "1 hour", null);
        String pending = erasure("2 days", null, null);
        List<String> listed = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = json(operator.get("erasures?limit=1&organization_id=" + organization + next));
            page.path("items").forEach(item -> listed.add(item.path("erasure_id").asText()));
            next = page.path("next").isNull() ? "" : "&after=" + page.path("next").asText();
        } while (!next.isEmpty());

        assertThat(listed).containsExactly(pending, newer, older);
    }

    @Test
    void erasure_isListedWithItsSteps_andWhyItDoesNotGetOn() {
        erasure("16 minutes", null, TROUBLE);

        JsonNode listed = json(operator.get("erasures?organization_id=" + organization)).at("/items/0");

        assertThat(listed.path("status").asText()).isEqualTo("pending");
        assertThat(listed.path("stuck").asBoolean()).isTrue();
        assertThat(listed.path("trouble").asText()).isEqualTo(TROUBLE);
        assertThat(listed.at("/steps/0/outcome").asText()).isEqualTo("2 rows erased");
        assertThat(listed.at("/steps/1/done_at").isNull()).isTrue();
    }

    /// One that has only just begun, or only waits, is not.
    @Test
    void troubleOfAMoment_isNotStuck() {
        erasure("10 minutes", null, TROUBLE);
        assertThat(json(operator.get("erasures?organization_id=" + organization)).at("/items/0/stuck").asBoolean())
                .isFalse();
        forget();
        erasure("50 minutes", null, null);
        assertThat(json(operator.get("erasures?organization_id=" + organization)).at("/items/0/stuck").asBoolean())
                .isFalse();
    }

    @Test
    void console_showsIt_andOverviewAndAccountNameIt() {
        String id = erasure("2 hours", null, TROUBLE);

        assertThat(visitor.get("/ops/erasures").body()).contains(organization, "stuck", TROUBLE, "2 rows erased",
                "1 of 2 steps done", id, "<dt>Record at Polar, as asked</dt><dd>erase</dd>");
        assertThat(visitor.get("/ops/erasures?organization_id=another").body()).contains("None of this organization");
        assertThat(visitor.get("/ops").body()).contains("of customer data: stuck", "href=\"/ops/erasures\"");
        assertThat(visitor.get("/ops/accounts?account=" + organization).body())
                .contains("/ops/erasures?organization_id=" + organization);
        assertThat(json(operator.get("accounts/" + organization)).at("/erasures/0/erasure_id").asText()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?after=x", "?after=dHJ1ZSB4", "?organization_id=%00", "?organization_id="})
    void wrongParameter_isRefused(String query) {
        assertProblem(operator.get("erasures" + query), 400, "parameter-invalid");
    }

    /// @param ago      when it was requested
    /// @param complete when it was complete; null if it goes on
    private String erasure(String ago, @Nullable String complete, @Nullable String trouble) {
        String id = UUID.randomUUID().toString();
        database.execute("""
                INSERT INTO erasures (id, organization, customers, shared_customers, keep_at_provider, requested_at,
                                      completed_at, due_at, attempt, trouble)
                VALUES (?::uuid, ?, '{}', '{}', false, now() - ?::interval, now() - ?::interval,
                        now() + interval '1 hour', 3, ?)
                """, id, organization, ago, complete, trouble);
        database.execute("""
                INSERT INTO erasure_steps (erasure, position, step, done_at, outcome)
                VALUES (?::uuid, 1, 'usage rows', now(), '2 rows erased'), (?::uuid, 2, 'spool', NULL, NULL)
                """, id, id);
        return id;
    }
}
