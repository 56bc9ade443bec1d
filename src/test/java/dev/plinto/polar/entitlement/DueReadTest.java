package dev.plinto.polar.entitlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.DueRead.Kind;
import dev.plinto.polar.entitlement.DueRead.Reason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which objects an event asks to be read.
class DueReadTest {

    private static final Instant NOON = Instant.parse("2026-11-03T12:00:00Z");
    private static final Event PAID = paid("conekta:ord_1", "conekta:e2");

    @Test
    void twoEventsOfOneSecond_askForTheirObject() {
        assertThat(DueRead.askedBy(PAID, new Stamp(NOON, "conekta:e1"), false))
                .contains(new DueRead(Kind.ORDER, "conekta:ord_1", "conekta:cus_1", Reason.TIE, NOON));
    }

    @Test
    void eventsOfDifferentSeconds_andOneAlone_askForNothing() {
        assertThat(DueRead.askedBy(PAID, new Stamp(NOON.minusSeconds(1), "conekta:e1"), false)).isEmpty();
        assertThat(DueRead.askedBy(PAID, new Stamp(NOON.plusSeconds(1), "conekta:e1"), false)).isEmpty();
        assertThat(DueRead.askedBy(PAID, null, false)).isEmpty();
    }

    @Test
    void eventThatComesAgain_isNoTieWithItself() {
        assertThat(DueRead.askedBy(PAID, new Stamp(NOON, "conekta:e2"), false)).isEmpty();
    }

    @Test
    void firstEventAfterASilence_asksForItsObject_afterAllThatIsKnown() {
        assertThat(DueRead.askedBy(PAID, null, true)).map(DueRead::reason).contains(Reason.SILENCE);
        assertThat(DueRead.askedBy(PAID, new Stamp(NOON.plusSeconds(9), "conekta:e1"), true))
                .map(DueRead::speaksAfter).contains(NOON.plusSeconds(9));
    }

    @Test
    void eventOfPolars_orOfNoObject_asksForNothing() {
        assertThat(DueRead.askedBy(paid("order-of-polar", "e2"), new Stamp(NOON, "e1"), true)).isEmpty();
        assertThat(DueRead.askedBy(new Event(new Cause("charge.paid", "conekta:e3", NOON), List.of()), null, true))
                .isEmpty();
    }

    private static Event paid(String order, String webhookId) {
        return new Event(new Cause("order.paid", webhookId, NOON), List.of(new Order(new Id.Order(order),
                Facts.statedAt(new Stamp(NOON, webhookId)).carries(Order.CUSTOMER_ID, "conekta:cus_1").build())));
    }
}
