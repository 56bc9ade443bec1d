package dev.plinto.polar.sandbox.polar;

import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.data;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.json;
import static dev.plinto.polar.sandbox.polar.SimulatedPolarTest.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The payloads have exactly the fields that are listed here, independent of the code.
class PayloadsTest {

    private static final String CUSTOMER = "id created_at modified_at metadata external_id email email_verified type"
            + " name billing_name billing_address tax_id locale organization_id default_payment_method_id deleted_at"
            + " first_user_event_at avatar_url";
    private static final String MEMBER = "id created_at modified_at customer_id email name external_id role";
    private static final String BENEFIT = "id created_at modified_at type description selectable deletable"
            + " is_deleted organization_id metadata visibility properties visibility_configurable";
    private static final String PRICE = "id created_at modified_at source amount_type price_currency tax_behavior"
            + " is_archived product_id price_amount";
    private static final String PRODUCT_ALONE = "id created_at modified_at trial_interval trial_interval_count name"
            + " description visibility recurring_interval recurring_interval_count meter_interval"
            + " meter_interval_count is_recurring is_archived organization_id metadata";
    private static final String PRODUCT = PRODUCT_ALONE + " is_deletable prices benefits medias attached_custom_fields";
    private static final String SUBSCRIPTION_ALONE = "id created_at modified_at amount currency recurring_interval"
            + " recurring_interval_count status current_period_start current_period_end current_meter_period_start"
            + " current_meter_period_end trial_start trial_end cancel_at_period_end canceled_at started_at ends_at"
            + " ended_at past_due_at pause_at_period_end paused_at resumes_at customer_id product_id discount_id"
            + " checkout_id seats units customer_cancellation_reason customer_cancellation_comment metadata";
    private static final String SUBSCRIPTION = SUBSCRIPTION_ALONE
            + " custom_field_data customer product discount prices meters pending_update";
    private static final String ORDER = "id created_at modified_at status paid subtotal_amount discount_amount"
            + " net_amount tax_amount total_amount applied_balance_amount due_amount refunded_amount"
            + " refunded_tax_amount currency billing_reason billing_name billing_address invoice_number"
            + " is_invoice_generated receipt_number seats units customer_id product_id discount_id subscription_id"
            + " checkout_id next_payment_attempt_at metadata custom_field_data platform_fee_amount"
            + " platform_fee_currency customer product discount subscription items description refundable_amount"
            + " refundable_tax_amount";
    private static final String GRANT = "id created_at modified_at granted_at is_granted revoked_at is_revoked"
            + " subscription_id order_id customer_id member_id benefit_id error customer member benefit properties"
            + " previous_properties";
    private static final String REFUND = "id created_at modified_at metadata status reason amount tax_amount"
            + " currency organization_id order_id subscription_id customer_id revoke_benefits dispute";
    private static final String SEAT = "id created_at modified_at subscription_id order_id status customer_id"
            + " member_id member email customer_email invitation_token_expires_at claimed_at revoked_at"
            + " seat_metadata";

    private static final String CHECKOUT = "id created_at modified_at custom_field_data payment_processor status"
            + " client_secret url expires_at success_url return_url embed_origin amount seats min_seats max_seats units"
            + " min_units max_units discount_amount net_amount tax_amount tax_behavior total_amount currency"
            + " allow_trial active_trial_interval active_trial_interval_count trial_end organization_id product_id"
            + " product_price_id discount_id allow_discount_codes require_billing_address is_discount_applicable"
            + " is_free_product_price is_payment_required is_payment_setup_required is_payment_form_required"
            + " customer_id is_business_customer customer_name customer_email customer_ip_address"
            + " customer_billing_name customer_billing_address customer_tax_id locale payment_method_type"
            + " payment_processor_metadata billing_address_fields trial_interval trial_interval_count metadata"
            + " external_customer_id products product product_price prices discount subscription_id"
            + " attached_custom_fields customer_metadata";

    private static final String ALL = "checkout.created checkout.updated checkout.expired customer.created"
            + " customer.updated customer.deleted customer.state_changed customer_seat.assigned"
            + " customer_seat.claimed customer_seat.revoked member.created member.updated member.deleted"
            + " order.created order.updated order.paid order.refunded subscription.created subscription.updated"
            + " subscription.active subscription.canceled subscription.uncanceled subscription.cycled"
            + " subscription.past_due subscription.revoked subscription.paused subscription.resumed"
            + " subscription.migrated refund.created refund.updated product.created product.updated discount.created"
            + " discount.updated discount.deleted benefit.created benefit.updated benefit_grant.created"
            + " benefit_grant.updated benefit_grant.cycled benefit_grant.revoked organization.updated";

    private final List<WebhookEvent> events = EveryEventType.events(3);

    @Test
    void eachOf42EventTypes_isEmitted() {
        assertThat(words(ALL)).hasSize(42);
        assertThat(events.stream().map(WebhookEvent::type).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(words(ALL));
    }

    @Test
    void seed_reproducesEveryByte() {
        List<WebhookEvent> again = EveryEventType.events(3);

        assertThat(again).hasSameSizeAs(events);
        for (int i = 0; i < events.size(); i++) {
            assertThat(again.get(i).webhookId()).isEqualTo(events.get(i).webhookId());
            assertThat(again.get(i).body()).isEqualTo(events.get(i).body());
        }
        assertThat(EveryEventType.events(4).getFirst().body()).isNotEqualTo(events.getFirst().body());
    }

    @Test
    void timestamps_onlyGrow_andWebhookIdsAreUnique() {
        assertThat(events.stream().map(WebhookEvent::timestamp).toList())
                .isSortedAccordingTo(Instant::compareTo)
                .doesNotHaveDuplicates();
        assertThat(events.stream().map(WebhookEvent::webhookId).toList()).doesNotHaveDuplicates();
    }

    @Test
    void envelope_hasPolarsFields() {
        assertThat(events).allSatisfy(event -> {
            JsonNode envelope = json(event);
            assertThat(names(envelope)).startsWith("type", "timestamp", "api_version", "data");
            assertThat(envelope.get("timestamp").asText())
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
            assertThat(Instant.parse(envelope.get("timestamp").asText())).isEqualTo(event.timestamp());
            assertThat(envelope.get("api_version").asText()).isEqualTo("2026-10");
        });
    }

    @Test
    void noObject_isNewerThanItsEvent() {
        assertThat(events).allSatisfy(event -> {
            for (String field : List.of("created_at", "modified_at")) {
                String time = json(event).get("data").path(field).asText("null");
                assertThat(time.equals("null") || Instant.parse(time).isBefore(event.timestamp())).isTrue();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
            "subscription.created, SUBSCRIPTION", "subscription.revoked, SUBSCRIPTION",
            "subscription.migrated, SUBSCRIPTION", "order.created, ORDER", "order.refunded, ORDER",
            "benefit_grant.created, GRANT", "benefit_grant.revoked, GRANT", "customer.created, CUSTOMER",
            "customer.deleted, CUSTOMER", "customer.state_changed, STATE", "product.updated, PRODUCT",
            "benefit.updated, BENEFIT",
            "checkout.created, CHECKOUT", "checkout.updated, CHECKOUT", "checkout.expired, CHECKOUT",
            "refund.updated, REFUND", "member.created, MEMBER", "customer_seat.assigned, SEAT",
            "customer_seat.claimed, SEAT", "customer_seat.revoked, SEAT"
    })
    void data_hasAllFields_andNoOther(String type, String object) {
        String fields = switch (object) {
            case "SUBSCRIPTION" -> SUBSCRIPTION;
            case "ORDER" -> ORDER;
            case "GRANT" -> GRANT;
            case "CUSTOMER" -> CUSTOMER;
            case "STATE" -> CUSTOMER + " active_subscriptions granted_benefits active_meters";
            case "PRODUCT" -> PRODUCT;
            case "BENEFIT" -> BENEFIT;
            case "CHECKOUT" -> CHECKOUT;
            case "REFUND" -> REFUND;
            case "MEMBER" -> MEMBER;
            case "SEAT" -> SEAT;
            default -> throw new AssertionError(object);
        };
        assertHas(data(events, type), fields);
    }

    @Test
    void embeddedObjects_haveAllFields_andNoOther() {
        JsonNode subscription = data(events, "subscription.created");
        assertHas(subscription.get("customer"), CUSTOMER);
        assertHas(subscription.get("product"), PRODUCT);
        assertHas(subscription.at("/product/prices/0"), PRICE);
        assertHas(subscription.at("/product/benefits/0"), BENEFIT);
        assertHas(subscription.at("/prices/0"), PRICE);
        JsonNode order = json(first("order.created")).get("data");
        assertHas(order.get("customer"), CUSTOMER);
        assertHas(order.get("product"), PRODUCT_ALONE);
        assertHas(order.get("subscription"), SUBSCRIPTION_ALONE);
        assertHas(order.at("/items/0"), "id created_at modified_at label amount tax_amount proration product_price_id"
                + " start_timestamp end_timestamp");
        JsonNode grant = data(events, "benefit_grant.created");
        assertHas(grant.get("customer"), CUSTOMER);
        assertHas(grant.get("member"), MEMBER);
        assertHas(grant.get("benefit"), BENEFIT);
    }

    @Test
    void migratedSubscription_namesItsProvider() {
        assertThat(names(json(first("subscription.migrated"))))
                .containsExactly("type", "timestamp", "api_version", "data", "provider", "provider_subscription_id");
    }

    private WebhookEvent first(String type) {
        return events.stream().filter(event -> event.type().equals(type)).findFirst().orElseThrow();
    }

    private static void assertHas(JsonNode object, String fields) {
        assertThat(names(object)).containsExactlyInAnyOrderElementsOf(words(fields));
    }

    private static Set<String> words(String text) {
        return Stream.of(text.split(" ")).collect(Collectors.toSet());
    }
}
