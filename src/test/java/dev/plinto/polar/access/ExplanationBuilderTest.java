package dev.plinto.polar.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.postgres.StoredJson;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationBuilderTest {

    private static final Explanation.Cause CAUSE = new Explanation.Cause("benefit_grant.updated", "w", null);
    private static final Instant AT = Instant.parse("2026-11-17T09:00:00Z");

    /// The change that granted it may be older than the retained history.
    @Test
    void benefitFromBeforeTheHistory_isNotAttributedToItsFirstChange() {
        Explanation before = explain(List.of(change(List.of(), List.of(exports()))));
        Explanation granted = explain(List.of(change(List.of(exports()), List.of())));

        assertThat(before.benefits().getFirst().why()).startsWith("Granted before the start of the retained history");
        assertThat(before.events().getFirst().what()).startsWith("The benefits stayed the same");
        assertThat(granted.benefits().getFirst().why()).startsWith("Granted by Polar's event benefit_grant.updated");
        assertThat(granted.events().getFirst().what()).isEqualTo("The account gained Exports.");
        assertThat(before.hasAccess() && granted.hasAccess()).isTrue();
    }

    @Test
    void publishedSet_hasWhatNoChangeSays() {
        Explanation explanation = ExplanationBuilder.of("org-1", AT, List.of(), List.of(),
                new PublishedSet(1, AT, CAUSE, List.of(exports())));

        assertThat(explanation.hasAccess()).isTrue();
        assertThat(explanation.benefits()).singleElement().satisfies(
                benefit -> assertThat(benefit.why()).startsWith("Granted before the start of the retained history"));
    }

    /// A release that stores no changes of benefits ran beside this one.
    @Test
    void laterSet_endsWhatItOmits() {
        Explanation explanation = ExplanationBuilder.of("org-1", AT, List.of(),
                List.of(change(List.of(exports()), List.of())), new PublishedSet(2, AT, CAUSE, List.of()));

        assertThat(explanation.hasAccess()).isFalse();
        assertThat(explanation.why()).contains("Exports", "Revoked by Polar's event benefit_grant.updated");
    }

    @Test
    void setThatSaysNothingNew_isNoDecision() {
        PastChange.OfBenefits change = change(List.of(exports()), List.of());
        Explanation before = explain(List.of(change));
        Explanation toldAnew = ExplanationBuilder.of("org-1", AT, List.of(), List.of(change),
                new PublishedSet(2, AT.plusSeconds(1), CAUSE, List.of(exports(), older())));

        assertThat(before.decision()).isNotNull();
        assertThat(toldAnew.decision()).isEqualTo(before.decision());
        assertThat(toldAnew.benefits().stream().filter(benefit -> benefit.benefitId().equals("b-1")))
                .containsExactlyElementsOf(before.benefits());
        assertThat(toldAnew.benefits()).hasSize(2);
    }

    @Test
    void laterSetThatDiffers_isTheDecision() {
        PublishedSet empty = new PublishedSet(2, AT.plusSeconds(1), CAUSE, List.of());
        Explanation ended = ExplanationBuilder.of("org-1", AT, List.of(),
                List.of(change(List.of(exports()), List.of())), empty);
        Explanation begun = ExplanationBuilder.of("org-1", AT, List.of(), List.of(
                new PastChange.OfBenefits(1, AT, CAUSE, List.of(), List.of(), List.of(exports()))),
                new PublishedSet(2, AT.plusSeconds(1), CAUSE, List.of(exports())));

        assertThat(List.of(ended, begun)).extracting(explanation -> explanation.decision().version())
                .containsExactly(2L, 2L);
    }

    /// The transaction that revoked it last had begun earlier.
    @Test
    void benefitRevokedLast_isNamed_whateverTheClocksSay() {
        Explanation explanation = explain(List.of(
                new PastChange.OfBenefits(2, AT.minusMillis(1), CAUSE, List.of(), List.of(), List.of(exports())),
                new PastChange.OfBenefits(1, AT, CAUSE, List.of(), List.of(), List.of(older()))));

        assertThat(explanation.why()).contains("The last benefit that it had was Exports.");
        assertThat(explanation.events()).extracting(event -> event.decision().version()).containsExactly(2L, 1L);
    }

    @Test
    void whatNobodyMayUse_isNotSaidToBeUsable() {
        Explanation unlinked = ExplanationBuilder.of("customer:c-1", AT, List.of(), List.of(),
                new PublishedSet(1, AT, CAUSE, List.of(exports())));

        assertThat(unlinked.why())
                .isEqualTo("Polar granted Exports, but the customer is linked to no organization: nobody may use it.");
        assertThat(unlinked.inThePast().why()).isEqualTo(
                "Polar had granted Exports, but the customer was linked to no organization: nobody could use it.");
    }

    /// Every sentence about the moment; what led to it is told in the past anyway.
    @Test
    void pastMoment_isToldInThePast() {
        Explanation ended = ExplanationBuilder.of("org-1", AT, List.of(),
                List.of(change(List.of(exports()), List.of())), new PublishedSet(2, AT, CAUSE, List.of()));
        PastChange.OfSubscription subscription = new PastChange.OfSubscription("s-1", 1, AT,
                StoredJson.read("{\"account\": \"org-1\", \"status\": \"active\", \"cause\": {}}"));

        assertThat(List.of(explain(List.of()), explain(List.of(change(List.of(exports()), List.of()))), ended,
                ExplanationBuilder.of("org-1", AT, List.of(subscription), List.of(), null),
                ExplanationBuilder.of("org-1", AT, List.of(), List.of(),
                        new PublishedSet(1, AT, CAUSE, List.of()))))
                .extracting(explanation -> explanation.inThePast().why()).allSatisfy(why -> assertThat(why)
                        .doesNotContainPattern("\\b(is|has|may|can)\\b").containsPattern("\\b(was|had|could)\\b"));
    }

    private static Explanation explain(List<PastChange.OfBenefits> changes) {
        return ExplanationBuilder.of("org-1", AT, List.of(), changes, null);
    }

    private static PastChange.OfBenefits change(List<JsonNode> granted, List<JsonNode> changed) {
        return new PastChange.OfBenefits(1, AT, CAUSE, granted, changed, List.of());
    }

    private static JsonNode exports() {
        return StoredJson.read("{\"benefit_id\": \"b-1\", \"description\": \"Exports\", \"grants\": []}");
    }

    /// Granted before the history.
    private static JsonNode older() {
        return StoredJson.read("{\"benefit_id\": \"b-0\", \"description\": \"Support\", \"grants\": []}");
    }
}
