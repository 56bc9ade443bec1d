package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Why a checkout unlocked nothing, in words.
class CheckoutProgressTest {

    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            open      | 2026-11-20T00:10:00Z | Not paid yet
            open      | 2026-11-19T23:00:00Z | has not said yet that it expired
            open      |                      | Not paid yet
            confirmed | 2026-11-20T00:10:00Z | has not said yet whether the payment succeeded
            failed    | 2026-11-20T00:10:00Z | The payment failed
            expired   | 2026-11-19T23:00:00Z | Not paid: it expired
            a_new_one | 2026-11-20T00:10:00Z | does not know the status
            """)
    void checkoutThatIsNotPaid_saysWhatIsMissing(String status, @Nullable Instant expires, String words) {
        assertThat(new CheckoutProgress(status, expires, null, false, false, null, List.of(), List.of()).why(NOW))
                .contains(words);
    }

    @Test
    void paidOne_saysWhatPolarHasNotTold() {
        assertThat(paid(null, false, false, 1, List.of("Exports"), List.of())).contains("has not told yet which");
        assertThat(paid("active", true, false, null, List.of(), List.of())).contains("not known here what");
        assertThat(paid("active", true, false, 2, List.of("Exports", "Help"), List.of()))
                .isEqualTo("Paid. Polar has not granted yet, or has revoked: Exports, Help.");
        assertThat(paid("past_due", false, true, 1, List.of("Exports"), List.of())).contains("it is past_due");
        assertThat(paid("pending", false, false, 0, List.of(), List.of())).contains("it is pending");
    }

    @Test
    void paidOne_isActivated_alsoWhileSomethingWaitsForTheCustomer() {
        assertThat(paid("active", true, false, 1, List.of(), List.of())).isEqualTo("Activated.");
        assertThat(paid("active", true, true, 1, List.of("Exports"), List.of())).isEqualTo("Activated.");
        assertThat(paid("paid", true, false, 0, List.of(), List.of())).isEqualTo("Activated.");
        assertThat(paid("active", true, false, 1, List.of(), List.of("Chat"))).startsWith("Activated. Waits for the")
                .endsWith("Chat.");
    }

    private static String paid(@Nullable String sold, boolean isGood, boolean hasSeats, @Nullable Integer benefits,
            List<String> notGranted, List<String> waiting) {
        return new CheckoutProgress("succeeded", NOW, sold, isGood, hasSeats, benefits, notGranted, waiting).why(NOW);
    }
}
