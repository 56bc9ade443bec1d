package dev.plinto.polar.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.polar.MaskedPayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Polar has sent to others, and what went wrong there.
class CasesFromTheFieldTest {

    private final ToldChanges told = new ToldChanges();

    @Test
    void seatRevokedTwice_endsOneGrantOnce() {
        String seat = "{\"id\":\"seat\",\"customer_id\":\"cus\",\"member_id\":\"ada\",\"status\":\"revoked\"}";
        told.deliver("1", "benefit_grant.created", at(1), seat("seat-a", "ada", true));
        told.deliver("2", "benefit_grant.created", at(1), seat("seat-b", "bob", true));

        assertThat(told.deliver("3", "benefit_grant.revoked", at(5), seat("seat-a", "ada", false))).hasSize(1);
        assertThat(told.deliver("4", "customer_seat.revoked", at(5), seat)).isEmpty();
        assertThat(told.deliver("5", "benefit_grant.revoked", at(6), seat("seat-a", "ada", false))).isEmpty();
        assertThat(told.deliver("6", "customer_seat.revoked", at(6), seat)).isEmpty();

        assertThat(told.grantsOf("org-1")).containsExactly("seat-b");
    }

    @Test
    void refundOfAnOrder_takesNothing_whileNoGrantEnds() {
        told.deliver("1", "benefit_grant.created", at(1), grant("by-plan", "\"subscription_id\":\"sub\"", true));
        told.deliver("2", "benefit_grant.created", at(2), grant("by-order", "\"order_id\":\"ord\"", true));
        told.deliver("3", "order.paid", at(2), order("paid", 0));

        assertThat(told.deliver("4", "order.refunded", at(3), order("refunded", 4900))).isEmpty();
        assertThat(told.deliver("5", "refund.created", at(3), "{\"id\":\"ref\",\"order_id\":\"ord\"}")).isEmpty();
        assertThat(told.grantsOf("org-1")).containsExactly("by-order", "by-plan");

        JsonNode afterTheGrant = told.deliver("6", "benefit_grant.revoked", at(4),
                grant("by-order", "\"order_id\":\"ord\"", false)).getFirst();
        assertThat(afterTheGrant.get("revoked")).as("the other scope still gives it").isEmpty();
        assertThat(told.grantsOf("org-1")).containsExactly("by-plan");
    }

    @Test
    void planChangeAtTheNextCycle_isToldWhenItHappens() {
        told.deliver("1", "subscription.created", at(1), plan("basic", ""));

        List<JsonNode> scheduled = told.deliver("2", "subscription.updated", at(2), plan("basic", """
                ,"pending_update":{"id":"pu","product_id":"grand","seats":40,"amount":99900,
                  "applies_at":"2026-12-01T00:00:00Z"}"""));
        assertThat(scheduled).isEmpty();

        List<JsonNode> cycled = told.deliver("3", "subscription.updated", at(3),
                plan("grand", ",\"pending_update\":null"));
        assertThat(cycled).singleElement().satisfies(message -> {
            assertThat(message.get("product_id").textValue()).isEqualTo("grand");
            assertThat(message.toString()).doesNotContain("pending");
        });
    }

    @Test
    void pauseThatIsScheduledCancelledAndWithdrawn_takesNoAccess() {
        told.deliver("1", "benefit_grant.created", at(1), grant("g", "\"subscription_id\":\"sub\"", true));
        told.deliver("2", "subscription.created", at(1), state("active", false, "null"));

        String scheduled = state("active", false, "null").replace("\"status\"",
                "\"pause_at_period_end\":true,\"resumes_at\":\"2027-01-01T00:00:00Z\",\"status\"");
        assertThat(told.deliver("3", "subscription.updated", at(2), scheduled)).isEmpty();
        List<JsonNode> cancelled = told.deliver("4", "subscription.canceled", at(3),
                state("active", true, "\"2026-12-01T00:00:00Z\""));
        assertThat(cancelled).singleElement().satisfies(message -> {
            assertThat(message.get("status").textValue()).isEqualTo("active");
            assertThat(message.get("ends_at").textValue()).isEqualTo("2026-12-01T00:00:00.000000Z");
        });
        List<JsonNode> withdrawn = told.deliver("5", "subscription.uncanceled", at(4), state("active", false, "null"));
        assertThat(withdrawn).singleElement().extracting(message -> message.get("ends_at").isNull()).isEqualTo(true);
        assertThat(told.grantsOf("org-1")).containsExactly("g");
    }

    @Test
    void secondCancellationWithAnEarlierEnd_counts_inAnyOrder() {
        String late = state("active", true, "\"2026-12-31T00:00:00Z\"");
        String early = state("active", true, "\"2026-12-10T00:00:00Z\"");
        ToldChanges reversed = new ToldChanges();

        told.deliver("1", "subscription.canceled", at(1), late);
        JsonNode inOrder = told.deliver("2", "subscription.canceled", at(2), early).getFirst();
        JsonNode first = reversed.deliver("2", "subscription.canceled", at(2), early).getFirst();

        assertThat(inOrder.get("ends_at").textValue()).isEqualTo("2026-12-10T00:00:00.000000Z");
        assertThat(reversed.deliver("1", "subscription.canceled", at(1), late)).isEmpty();
        assertThat(first.get("ends_at")).isEqualTo(inOrder.get("ends_at"));
    }

    @Test
    void sameChangeToldFourTimes_isOneMessage() {
        told.deliver("0", "subscription.created", at(0), state("active", false, "null"));
        int messages = 0;
        for (String type : List.of("subscription.past_due", "subscription.updated", "subscription.updated",
                "subscription.past_due")) {
            messages += told.deliver("id-" + type + messages, type, at(messages + 1), state("past_due", false, "null"))
                    .size();
        }

        assertThat(messages).isEqualTo(1);
    }

    /// Polar replaced the key at each new grant, and kept the grant's id.
    @Test
    void newLicenseKey_isOnNoTopicAndNoPage() {
        String grant = grant("g", "\"subscription_id\":\"sub\"", true);

        List<JsonNode> created = told.deliver("1", "benefit_grant.created", at(1), withKey(grant, "PLINTO-1111"));
        List<JsonNode> replaced = told.deliver("2", "benefit_grant.updated", at(2), withKey(grant, "PLINTO-2222"));

        assertThat(created).singleElement().asString().contains("\"g\"").doesNotContain("PLINTO-", "lk-");
        assertThat(replaced).isEmpty();
        byte[] body = "{\"type\":\"benefit_grant.updated\",\"data\":%s}".formatted(withKey(grant, "PLINTO-2222"))
                .getBytes(StandardCharsets.UTF_8);
        assertThat(MaskedPayload.of(body)).get().asString().as("on a page").contains("properties")
                .doesNotContain("PLINTO-");
    }

    /// Polar told such a deletion only by the events of what it ended, and by the customer without a link.
    @Test
    void anonymisedDeletionWithoutItsEvent_endsAllAccess() {
        told.deliver("1", "customer.created", at(1), customer("\"org-1\"", "null"));
        told.deliver("2", "benefit_grant.created", at(1), grant("g", "\"subscription_id\":\"sub\"", true));
        told.deliver("3", "subscription.created", at(1), state("active", false, "null"));
        assertThat(told.accounts()).containsExactly("org-1");

        told.deliver("4", "subscription.revoked", at(2), state("canceled", false, "\"2026-11-20T00:00:02Z\""));
        told.deliver("5", "benefit_grant.revoked", at(3), grant("g", "\"subscription_id\":\"sub\"", false));
        told.deliver("6", "customer.updated", at(4), customer("null", "\"2026-11-20T00:00:04Z\""));

        assertThat(told.accounts()).isEmpty();
    }

    @Test
    void objectInTheEvent_countsMoreThanItsName() {
        told.deliver("1", "subscription.created", at(1), state("paused", false, "null"));

        List<JsonNode> resumed = told.deliver("2", "subscription.resumed", at(2),
                state("canceled", false, "\"2026-11-20T00:00:02Z\""));

        assertThat(resumed).singleElement().satisfies(message -> {
            assertThat(message.get("status").textValue()).isEqualTo("canceled");
            assertThat(message.get("ends_at").textValue()).isEqualTo("2026-11-20T00:00:02.000000Z");
        });
    }

    /// As texts, each of these sorts on the other side.
    @ParameterizedTest
    @ValueSource(strings = {"2026-11-20T10:00:00.000002+02:00", "2026-11-20T08:00:00.000001999Z",
            "2026-11-20T03:30:00.000001-04:30", "2026-11-20T07:59:59.999999999Z", "2026-11-19t23:59:59.9z"})
    void timestamps_areComparedAsInstants(String earlier) {
        String later = "2026-11-20T08:00:00.000003Z";
        ToldChanges reversed = new ToldChanges();

        told.deliver("a", "subscription.updated", earlier, state("active", false, "null"));
        assertThat(told.deliver("b", "subscription.updated", later, state("past_due", false, "null"))).hasSize(1);
        reversed.deliver("b", "subscription.updated", later, state("past_due", false, "null"));
        assertThat(reversed.deliver("a", "subscription.updated", earlier, state("active", false, "null"))).isEmpty();
    }

    private static String at(int second) {
        return "2026-11-20T00:00:0%dZ".formatted(second);
    }

    private static String seat(String id, String member, boolean granted) {
        return grant(id, "\"subscription_id\":\"sub\",\"member_id\":\"" + member + "\"", granted);
    }

    private static String grant(String id, String scope, boolean granted) {
        return """
                {"id":"%s","customer_id":"cus","benefit_id":"help",%s,"is_granted":%s,"properties":{},
                 "customer":{"id":"cus","external_id":"org-1","created_at":"2026-11-01T00:00:00Z"},
                 "benefit":{"id":"help","type":"license_keys","description":"Help","metadata":{}}}"""
                .formatted(id, scope, granted);
    }

    private static String withKey(String grant, String key) {
        return grant.replace("\"properties\":{}", "\"properties\":{\"license_key_id\":\"lk-%s\",\"display_key\":\"%s\"}"
                .formatted(key, key));
    }

    private static String order(String status, int refunded) {
        return """
                {"id":"ord","customer_id":"cus","status":"%s","total_amount":4900,"refunded_amount":%d,"metadata":{}}"""
                .formatted(status, refunded);
    }

    private static String plan(String product, String more) {
        return """
                {"id":"sub","customer_id":"cus","status":"active","product_id":"%s","metadata":{},
                 "product":{"id":"%s","name":"Plan %s","metadata":{}}%s}""".formatted(product, product, product, more);
    }

    private static String state(String status, boolean cancelled, String endsAt) {
        return """
                {"id":"sub","customer_id":"cus","status":"%s","cancel_at_period_end":%s,"ends_at":%s,"metadata":{}}"""
                .formatted(status, cancelled, endsAt);
    }

    private static String customer(String externalId, String deletedAt) {
        return """
                {"id":"cus","external_id":%s,"deleted_at":%s,"email":"1f0e9c@anonymous.invalid",
                 "metadata":{"__external_id":"org-1"}}""".formatted(externalId, deletedAt);
    }
}
