package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.entitlement.Stamp;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddedStampsTest {

    private static final Stamp OLDER = new Stamp(Instant.parse("2026-11-20T07:00:00Z"), "evt-2");
    private static final Stamp NEWER = new Stamp(Instant.parse("2026-11-20T07:00:00.000001Z"), "evt-1");

    @Test
    void fieldsAreListedByStatement_theOldestFirst() {
        assertThat(AddedStamps.json(Map.of("seats", NEWER, "tax_amount", OLDER, "checkout_id", NEWER)))
                .isEqualTo("[{\"at\":\"2026-11-20T07:00:00Z\",\"by\":\"evt-2\",\"fields\":[\"tax_amount\"]},"
                        + "{\"at\":\"2026-11-20T07:00:00.000001Z\",\"by\":\"evt-1\","
                        + "\"fields\":[\"checkout_id\",\"seats\"]}]");
    }

    @Test
    void whatIsStored_isReadAgain() {
        Map<String, Stamp> byField = Map.of("seats", NEWER, "tax_amount", OLDER, "checkout_id", NEWER,
                "invoice_number", new Stamp(NEWER.moment(), "evt-\"é\\"));

        assertThat(AddedStamps.parse(AddedStamps.json(byField))).isEqualTo(byField);
    }

    @Test
    void rowOfAReleaseWithoutThem_hasNone() {
        assertThat(AddedStamps.json(Map.of())).isNull();
        assertThat(AddedStamps.parse(null)).isEmpty();
    }

    @Test
    void textThatIsNoJson_isRefused() {
        assertThatThrownBy(() -> AddedStamps.parse("{")).isInstanceOf(IllegalStateException.class);
    }
}
