package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.billing.Purchase.Activation;
import dev.plinto.polar.billing.Purchase.Sold;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurchaseTest {

    private static final Sold LIVE = new Sold("sub", true);
    private static final Sold NOT_LIVE = new Sold("sub", false);
    private static final Sold PAID = new Sold("ord", true);

    @ParameterizedTest
    @CsvSource({"open,PENDING", "confirmed,PENDING", "expired,NONE", "failed,NONE", "of-a-later-version,PENDING"})
    void withoutSuccess_nothingIsActivated(String status, Activation expected) {
        assertThat(purchase(status, LIVE, null, false, List.of("b"), Set.of("b"), Set.of()).activation())
                .isEqualTo(expected);
    }

    @Test
    void benefits_countOnceAllAreGranted() {
        assertThat(succeeded(LIVE, null, List.of("a", "b"), Set.of("a"), Set.of()).activation())
                .isEqualTo(Activation.PENDING);
        assertThat(succeeded(NOT_LIVE, null, List.of("a", "b"), Set.of("a", "b"), Set.of()).activation())
                .isEqualTo(Activation.ACTIVATED);
    }

    @Test
    void benefitThatWaitsForTheCustomer_counts() {
        Purchase purchase = succeeded(LIVE, null, List.of("a", "discord"), Set.of("a"), Set.of("discord"));

        assertThat(purchase.activation()).isEqualTo(Activation.ACTIVATED);
        assertThat(purchase.needsAction()).isTrue();
    }

    @Test
    void withoutBenefits_thePurchaseCountsOnceItIsLiveOrPaid() {
        assertThat(succeeded(NOT_LIVE, null, List.of(), Set.of(), Set.of()).activation())
                .isEqualTo(Activation.PENDING);
        assertThat(succeeded(LIVE, null, List.of(), Set.of(), Set.of()).activation())
                .isEqualTo(Activation.ACTIVATED);
        assertThat(succeeded(null, PAID, List.of(), Set.of(), Set.of()).activation())
                .isEqualTo(Activation.ACTIVATED);
    }

    @Test
    void seats_areGrantedLater() {
        assertThat(purchase("succeeded", LIVE, null, true, List.of("b"), Set.of(), Set.of()).activation())
                .isEqualTo(Activation.ACTIVATED);
    }

    @Test
    void whatIsNotKnownYet_isPending() {
        assertThat(succeeded(null, null, List.of(), Set.of(), Set.of()).activation()).isEqualTo(Activation.PENDING);
        assertThat(succeeded(LIVE, null, null, Set.of("b"), Set.of()).activation()).isEqualTo(Activation.PENDING);
    }

    private static Purchase succeeded(@Nullable Sold subscription, @Nullable Sold order,
            @Nullable List<String> benefits, Set<String> live, Set<String> waiting) {
        return purchase("succeeded", subscription, order, false, benefits, live, waiting);
    }

    private static Purchase purchase(String status, @Nullable Sold subscription, @Nullable Sold order,
            boolean hasSeats, @Nullable List<String> benefits, Set<String> live, Set<String> waiting) {
        return new Purchase("che", status, "org", "pro", "cus", null, null, null, subscription, order, hasSeats,
                benefits, live, waiting);
    }
}
