package dev.plinto.polar.conekta;

import static dev.plinto.polar.conekta.ConektaBodies.ORDER;
import static dev.plinto.polar.conekta.ConektaBodies.SUBSCRIPTION;
import static dev.plinto.polar.conekta.ConektaBodies.event;
import static dev.plinto.polar.conekta.ConektaBodies.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Customer;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Order;
import dev.plinto.polar.entitlement.Reading;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.Subscription;
import dev.plinto.polar.entitlement.TrackedObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConektaEventsTest {

    private static final String ID = "conekta:evt";
    private static final Instant MOMENT = Instant.ofEpochSecond(1_795_500_000);
    private static final Stamp STAMP = new Stamp(MOMENT, ID);

    private final ConektaEvents events = new ConektaEvents(false, Map.of("gold", "polar-product"));

    @Test
    void order_isReadWithItsCustomer() {
        assertThat(statements("order.paid", ORDER)).containsExactly(
                new Order(new Id.Order("conekta:ord_1"), Facts.statedAt(STAMP)
                        .carries(Order.CUSTOMER_ID, "conekta:cus_1").carries(Order.ORGANIZATION_ID, "org_1")
                        .carries(Order.PRODUCT_ID, "polar-product").carries(Order.STATUS, "paid")
                        .carries(Order.TOTAL_AMOUNT, 49_900L).carries(Order.REFUNDED_AMOUNT, 100L)
                        .carries(Order.CURRENCY, "mxn")
                        .carries(Order.CREATED_AT, Instant.ofEpochSecond(1_795_490_000)).build()),
                customer("org_1"));
    }

    @Test
    void subscription_isReadWithItsOrderAndItsCustomer() {
        assertThat(statements("subscription.paid", SUBSCRIPTION)).containsExactly(
                new Subscription(new Id.Subscription("conekta:sub_1"), Facts.statedAt(STAMP)
                        .carries(Subscription.CUSTOMER_ID, "conekta:cus_1")
                        .carries(Subscription.PRODUCT_ID, "polar-product").carries(Subscription.STATUS, "active")
                        .carries(Subscription.CANCEL_AT_PERIOD_END, false)
                        .carries(Subscription.CURRENT_PERIOD_START, Instant.ofEpochSecond(1_795_450_000))
                        .carries(Subscription.CURRENT_PERIOD_END, Instant.ofEpochSecond(1_798_000_000))
                        .carries(Subscription.TRIAL_END, Instant.ofEpochSecond(1_795_450_000)).build()),
                new Order(new Id.Order("conekta:ord_1"), Facts.statedAt(STAMP)
                        .carries(Order.CUSTOMER_ID, "conekta:cus_1")
                        .carries(Order.SUBSCRIPTION_ID, "conekta:sub_1").build()),
                customer("org_1"));
    }

    private static Customer customer(String organization) {
        return new Customer(new Id.Customer("conekta:cus_1"),
                Facts.statedAt(STAMP).carries(Customer.EXTERNAL_ID, organization).build());
    }

    @ParameterizedTest
    @EnumSource(ConektaType.class)
    void everyKnownType_isRead(ConektaType type) {
        Class<?> first = switch (type.carries()) {
            case AN_ORDER -> Order.class;
            case A_SUBSCRIPTION -> Subscription.class;
            case NOTHING_WE_KEEP -> null;
        };
        String object = first == Order.class ? ORDER : SUBSCRIPTION;

        Reading reading = read(type.wireName(), object);

        assertThat(reading).isInstanceOfSatisfying(Reading.Understood.class, understood -> {
            assertThat(understood.event().cause().eventType()).isEqualTo(type.wireName());
            assertThat(understood.event().cause().timestamp()).isEqualTo(MOMENT);
            if (first == null) {
                assertThat(understood.event().statements()).isEmpty();
            } else {
                assertThat(understood.event().statements().getFirst()).isInstanceOf(first);
            }
        });
    }

    /// As Conekta's schema has it: no object.
    @Test
    void ping_saysNothing() {
        Reading reading = events.read(ID, utf8("""
                {"id":"evt","object":"event","type":"webhook_ping","created_at":1795500000,"livemode":true,
                 "data":{"action":"ping","livemode":true}}"""));

        assertThat(reading).isInstanceOfSatisfying(Reading.Understood.class,
                understood -> assertThat(understood.event().statements()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer.created", "plan.updated", "order.invented", "ORDER.PAID"})
    void otherType_isUnknown(String type) {
        assertThat(read(type, ORDER)).isEqualTo(new Reading.UnknownType(type));
    }

    @Test
    void ownEvents_areKept() {
        assertThat(events.readOwn("dev.plinto.polar.snapshot.v1", ID, utf8(event("order.paid", ORDER))))
                .isEqualTo(new Reading.UnknownType("dev.plinto.polar.snapshot.v1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no event", "[]", "{\"id\":\"evt\"}", "{\"type\":\"a b\"}"})
    void whatIsNoEvent_isNone(String body) {
        assertThat(events.read(ID, utf8(body))).isEqualTo(new Reading.NotAnEvent());
    }

    @Test
    void eventOfTheOtherMode_isOfAnotherMerchant() {
        byte[] test = utf8(event("order.paid", ORDER).replaceFirst("\"livemode\":true", "\"livemode\":false"));
        byte[] live = utf8(event("order.paid", ORDER));
        ConektaEvents sandbox = new ConektaEvents(true, Map.of());

        assertThat(events.read(ID, test)).isEqualTo(new Reading.OtherMerchant("order.paid",
                "its livemode is false, and CONEKTA_SANDBOX is false"));
        assertThat(sandbox.read(ID, live)).isEqualTo(new Reading.OtherMerchant("order.paid",
                "its livemode is true, and CONEKTA_SANDBOX is true"));
        assertThat(sandbox.read(ID, test)).isInstanceOf(Reading.Understood.class);
    }

    /// Conekta's own words stay, but for a trial: the published ones are Polar's.
    @ParameterizedTest
    @CsvSource({"active, active, false", "in_trial, trialing, false", "past_due, past_due, false",
            "paused, paused, false", "canceled, canceled, true", "invented, invented, false"})
    void status_isTold(String sent, String status, boolean isCanceledAtPeriodEnd) throws IOException {
        Facts facts = facts("subscription.updated", with(SUBSCRIPTION, "status", "\"" + sent + "\""));

        assertThat(facts.get(Subscription.STATUS)).isEqualTo(status);
        assertThat(facts.get(Subscription.CANCEL_AT_PERIOD_END)).isEqualTo(isCanceledAtPeriodEnd);
        assertThat(facts.stamped(Subscription.ENDED_AT)).isNull();
        assertThat(facts.stamped(Subscription.ENDS_AT)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1795500001, true", "1795500000, false", "1795499999, false", "null, false"})
    void canceledSubscription_goesOnUntilItsPeriodEnds(String end, boolean goesOn) throws IOException {
        String canceled = with(with(SUBSCRIPTION, "status", "\"canceled\""), "billing_cycle_end", end);

        assertThat(facts("subscription.canceled", canceled).get(Subscription.CANCEL_AT_PERIOD_END)).isEqualTo(goesOn);
    }

    /// Its own event may come after that of its first order.
    @Test
    void orderThatBeginsASubscription_isNoOneTimePurchase() throws IOException {
        Facts first = facts("order.paid", with(ORDER, "checkout", "{\"id\":\"c\",\"plan_ids\":[\"gold\"]}"));

        assertThat(first.stamped(Order.PRODUCT_ID)).isNull();
        assertThat(facts("order.paid", ORDER).get(Order.PRODUCT_ID)).isEqualTo("polar-product");
    }

    @Test
    void planWithoutAProduct_isAProductOfItsOwn() throws IOException {
        Facts unmapped = facts("subscription.paid", with(SUBSCRIPTION, "plan_id", "\"silver\""));

        assertThat(unmapped.get(Subscription.PRODUCT_ID)).isEqualTo("conekta:silver");
    }

    @Test
    void fieldThatIsMissing_isNoStatement() {
        assertThat(statements("subscription.paid", "{\"id\":\"sub_1\",\"customer_id\":\"cus_1\"}")).containsExactly(
                new Subscription(new Id.Subscription("conekta:sub_1"), Facts.statedAt(STAMP)
                        .carries(Subscription.CUSTOMER_ID, "conekta:cus_1").build()));
        assertThat(statements("order.paid", "{\"id\":\"ord_1\"}"))
                .containsExactly(new Order(new Id.Order("conekta:ord_1"), Facts.NONE));
    }

    /// An order that another system made for the same merchant says nothing of any organization.
    @ParameterizedTest
    @ValueSource(strings = {"null", "{\"customer_id\":\"cus_1\"}", "{\"customer_custom_reference\":\"org_1\"}",
            "{\"customer_id\":\"cus_1\",\"customer_custom_reference\":\"\"}",
            "{\"customer_id\":\"cus_1\",\"customer_custom_reference\":null,\"custom_reference\":null}"})
    void customerWithoutAReference_isNotLinked(String buyer) throws IOException {
        assertThat(statements("order.paid", with(ORDER, "customer_info", buyer))).singleElement()
                .isInstanceOf(Order.class);
    }

    @Test
    void olderNameOfTheReference_isRead() throws IOException {
        assertThat(statements("order.paid",
                with(ORDER, "customer_info", "{\"customer_id\":\"cus_1\",\"custom_reference\":\"org_2\"}")))
                .contains(customer("org_2"));
    }

    @Test
    void organizationThatIsANumber_isTheSameAsItsText() throws IOException {
        Facts facts = facts("order.paid", with(ORDER, "metadata", "{\"organization_id\":42}"));

        assertThat(facts.get(Order.ORGANIZATION_ID)).isEqualTo("42");
        assertThat(facts.stamped(Order.PRODUCT_ID)).isNotNull();
        assertThat(facts.get(Order.PRODUCT_ID)).isNull();
    }

    /// One of Conekta's schemas has it so.
    @Test
    void timeThatIsAText_isRead() throws IOException {
        assertThat(facts("subscription.paid", with(SUBSCRIPTION, "billing_cycle_end", "\"1798000000\""))
                .get(Subscription.CURRENT_PERIOD_END)).isEqualTo(Instant.ofEpochSecond(1_798_000_000));
    }

    private Facts facts(String type, String object) {
        return statements(type, object).getFirst().facts();
    }

    private List<TrackedObject> statements(String type, String object) {
        return read(type, object) instanceof Reading.Understood understood
                ? understood.event().statements()
                : List.of();
    }

    private Reading read(String type, String object) {
        return events.read(ID, utf8(event(type, object)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
