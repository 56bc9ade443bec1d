package dev.plinto.polar.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationBuilderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant AT = Instant.parse("2026-11-17T09:00:00Z");

    /// Older changes than are kept, or are looked at, are not there to tell by what a benefit came.
    @Test
    void benefitThatWasThereBefore_isNotSaidToComeByTheFirstChangeThatIsKnown() throws JsonProcessingException {
        Explanation there = ExplanationBuilder.of("org-1", AT, List.of(changed("")));
        Explanation came = ExplanationBuilder.of("org-1", AT, List.of(changed("\"b-1\"")));

        assertThat(there.benefits().getFirst().why()).startsWith("It had it already when the history");
        assertThat(there.events().getFirst().what()).startsWith("What it may use stayed the same");
        assertThat(came.benefits().getFirst().why()).startsWith("Granted by Polar's event benefit_grant.updated");
        assertThat(came.events().getFirst().what()).isEqualTo("May use Exports.");
        assertThat(there.hasAccess() && came.hasAccess()).isTrue();
    }

    private static PublishedChange changed(String granted) throws JsonProcessingException {
        return new PublishedChange(PublishedChange.Topic.ENTITLEMENTS, "org-1", 1, AT, JSON.readTree("""
                {"entitlements": [{"benefit_id": "b-1", "description": "Exports", "grants": []}], "granted": [%s],
                 "revoked": [], "cause": {"event_type": "benefit_grant.updated", "webhook_id": "w", "timestamp": null}}
                """.formatted(granted)));
    }
}
