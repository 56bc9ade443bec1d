package dev.plinto.polar.conekta;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;

/// Bodies of Conekta's, written by hand from its schemas.
final class ConektaBodies {

    static final String ORDER = """
            {"id":"ord_1","object":"order","payment_status":"paid","amount":49900,"amount_refunded":100,
             "currency":"MXN","created_at":1795490000,"updated_at":1795490001,"livemode":true,
             "customer_info":{"object":"customer_info","customer_id":"cus_1","name":"Ana","email":"ana@example.com",
               "phone":"5522997233","corporate":false,"customer_custom_reference":"org_1"},
             "metadata":{"organization_id":"org_1","product_id":"polar-product","user_id":"user_1"},
             "charges":{"object":"list","data":[]},"checkout":{"id":"6fca054a","status":"Issued"}}""";
    static final String SUBSCRIPTION = """
            {"id":"sub_1","object":"subscription","status":"active","plan_id":"gold","card_id":"src_1",
             "customer_id":"cus_1","customer_custom_reference":"org_1","charge_id":"cha_1","created_at":1795400000,
             "subscription_start":1795400000,"billing_cycle_start":1795450000,"billing_cycle_end":1798000000,
             "trial_start":null,"trial_end":1795450000,"canceled_at":null,"paused_at":null,
             "last_billing_cycle_order_id":"ord_1"}""";

    private static final ObjectMapper JSON = new ObjectMapper();

    static String event(String type, String object) {
        return "{\"id\":\"evt\",\"object\":\"event\",\"type\":\"" + type + "\",\"created_at\":1795500000,"
                + "\"livemode\":true,\"webhook_status\":\"pending\",\"webhook_logs\":[],"
                + "\"data\":{\"object\":" + object + ",\"previous_attributes\":{}}}";
    }

    static String with(String object, String field, String value) throws IOException {
        ObjectNode changed = (ObjectNode) JSON.readTree(object);
        changed.putRawValue(field, new RawValue(value));
        return JSON.writeValueAsString(changed);
    }

    private ConektaBodies() {}
}
