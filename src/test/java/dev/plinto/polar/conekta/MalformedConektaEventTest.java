package dev.plinto.polar.conekta;

import static dev.plinto.polar.conekta.ConektaBodies.ORDER;
import static dev.plinto.polar.conekta.ConektaBodies.SUBSCRIPTION;
import static dev.plinto.polar.conekta.ConektaBodies.event;
import static dev.plinto.polar.conekta.ConektaBodies.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A field of another type than Conekta documents is named, and its value is not.
class MalformedConektaEventTest {

    private static final String ID = "conekta:evt";

    private final ConektaEvents events = new ConektaEvents(false, Map.of());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            livemode   | null       | event.livemode is not there, and it is needed
            livemode   | "true"     | event.livemode is not true or false
            created_at | null       | event.created_at is not there, and it is needed
            created_at | "today"    | event.created_at is not whole seconds from 1970 to 9999
            created_at | true       | event.created_at is not whole seconds since 1970
            created_at | 1795500.5  | event.created_at is not whole seconds since 1970
            created_at | -1         | event.created_at is not whole seconds from 1970 to 9999
            data       | null       | event.data is not there, and it is needed
            data       | []         | event.data is not an object
            data       | {}         | event.data.object is not there, and it is needed
            """)
    void malformedEvent_isNamedByItsField(String field, String value, String detail) throws IOException {
        assertThat(events.read(ID, utf8(with(event("order.paid", ORDER), field, value))))
                .isEqualTo(new Reading.Malformed("order.paid", detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id              | null                                   | .id is not there, and it is needed
            id              | " "                                    | .id is not there, and it is needed
            id              | 7                                      | .id is not a text
            customer_info   | "cus_1"                                | .customer_info is not an object
            customer_info   | {"customer_id":7}                      | .customer_info.customer_id is not a text
            customer_info   | {"customer_id":"a","customer_custom_reference":{}} | \
            .customer_info.customer_custom_reference is not a text
            metadata        | "organization_id"                      | .metadata is not an object
            metadata        | {"organization_id":1.5}                | \
            .metadata.organization_id is not a text or a whole number
            metadata        | {"organization_id":"\\u0000"}          | \
            .metadata.organization_id is not a text that can be stored
            metadata        | {"product_id":["a"]}                   | \
            .metadata.product_id is not a text or a whole number
            payment_status  | 1                                      | .payment_status is not a text
            amount          | "499"                                  | .amount is not a whole number
            amount          | 499.5                                  | .amount is not a whole number
            amount          | 1e400                                  | .amount is not a whole number
            amount_refunded | true                                   | .amount_refunded is not a whole number
            currency        | 484                                    | .currency is not a text
            created_at      | "yesterday"                            | \
            .created_at is not whole seconds from 1970 to 9999
            """)
    void malformedOrder_isNamedByItsField(String field, String value, String detail) throws IOException {
        assertThat(read("order.paid", with(ORDER, field, value)))
                .isEqualTo(new Reading.Malformed("order.paid", "event.data.object" + detail));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id                          | null           | .id is not there, and it is needed
            customer_id                 | null           | .customer_id is not there, and it is needed
            customer_id                 | {}             | .customer_id is not a text
            customer_custom_reference   | 7              | .customer_custom_reference is not a text
            plan_id                     | 7              | .plan_id is not a text
            status                      | ["active"]     | .status is not a text
            billing_cycle_start         | {}             | .billing_cycle_start is not whole seconds since 1970
            billing_cycle_end           | 99999999999999 | .billing_cycle_end is not whole seconds from 1970 to 9999
            trial_end                   | "2026-11-24"   | .trial_end is not whole seconds from 1970 to 9999
            amount                      | "1"            | .amount is not a whole number
            currency                    | true           | .currency is not a text
            last_billing_cycle_order_id | 7              | .last_billing_cycle_order_id is not a text
            """)
    void malformedSubscription_isNamedByItsField(String field, String value, String detail) throws IOException {
        assertThat(read("subscription.paid", with(SUBSCRIPTION, field, value)))
                .isEqualTo(new Reading.Malformed("subscription.paid", "event.data.object" + detail));
    }

    @Test
    void longestId_has500Characters() throws IOException {
        assertThat(read("order.paid", with(ORDER, "id", "\"" + "x".repeat(500) + "\"")))
                .isInstanceOf(Reading.Understood.class);
        assertThat(read("order.paid", with(ORDER, "id", "\"" + "x".repeat(501) + "\"")))
                .isEqualTo(new Reading.Malformed("order.paid",
                        "event.data.object.id is not at most 500 characters long"));
    }

    private Reading read(String type, String object) {
        return events.read(ID, utf8(event(type, object)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
