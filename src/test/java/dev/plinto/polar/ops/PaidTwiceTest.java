package dev.plinto.polar.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.ops.PaidTwice.Order;
import dev.plinto.polar.ops.PaidTwice.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PaidTwiceTest {

    private static final Order PAID = new Order("order-1", null, 1900, 0, "eur");

    @Test
    void firstOneIsKept_andTheOthersAreCanceledAndRefunded() {
        assertThat(nextStep(subscription("a", "active", false, PAID), subscription("b", "active", false, PAID)))
                .contains("keep a, and cancel at Polar, at once: b.", "see order order-1.");
    }

    @Test
    void oneThatGoesOn_isKept_ratherThanOneThatEndsOrIsPastDue() {
        assertThat(nextStep(subscription("a", "past_due", false, null), subscription("b", "active", true, null),
                subscription("c", "trialing", false, null)))
                .contains("keep c, and cancel at Polar, at once: a.", "nothing to refund");
    }

    @Test
    void whatEndsByItself_isOnlyRefunded() {
        assertThat(nextStep(subscription("a", "active", false, null), subscription("b", "active", true, PAID)))
                .contains("Nothing needs to be canceled: what is beside a ends", "see order order-1.");
    }

    private static String nextStep(Subscription... subscriptions) {
        return new PaidTwice("org-1", "", List.of(subscriptions)).nextStep();
    }

    private static Subscription subscription(String id, String status, boolean ends, @Nullable Order order) {
        return new Subscription(id, null, status, null, null, null, null, null, ends, null, null, order);
    }
}
