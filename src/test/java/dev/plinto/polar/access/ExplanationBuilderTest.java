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

    /// The change that granted it may be older than the retained history.
    @Test
    void benefitFromBeforeTheHistory_isNotAttributedToItsFirstChange() throws JsonProcessingException {
        Explanation before = ExplanationBuilder.of("org-1", AT, List.of(change("")));
        Explanation granted = ExplanationBuilder.of("org-1", AT, List.of(change("\"b-1\"")));

        assertThat(before.benefits().getFirst().why()).startsWith("Granted before the start of the retained history");
        assertThat(before.events().getFirst().what()).startsWith("The benefits stayed the same");
        assertThat(granted.benefits().getFirst().why()).startsWith("Granted by Polar's event benefit_grant.updated");
        assertThat(granted.events().getFirst().what()).isEqualTo("May use Exports.");
        assertThat(before.hasAccess() && granted.hasAccess()).isTrue();
    }

    private static PublishedChange change(String granted) throws JsonProcessingException {
        return new PublishedChange(PublishedChange.Topic.ENTITLEMENTS, "org-1", 1, AT, JSON.readTree("""
                {"entitlements": [{"benefit_id": "b-1", "description": "Exports", "grants": []}], "granted": [%s],
                 "revoked": [], "cause": {"event_type": "benefit_grant.updated", "webhook_id": "w", "timestamp": null}}
                """.formatted(granted)));
    }
}
