package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.polar.PolarObject.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ImpersonalObjectTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void purchase_keepsWhatDecidesAccess_andWhatTheLawKeeps() throws IOException {
        assertThat(without(Kind.ORDER, """
                {"id": "order-1", "customer_id": "c-1", "status": "paid", "total_amount": 2900, "paid": true,
                 "invoice_number": "PLINTO-4711", "billing_name": "Ada Lovelace",
                 "billing_address": {"line1": "Main Street 1", "country": "DE"}, "tax_id": ["DE1", "eu_vat"],
                 "metadata": {"organization_id": "org 1 @ home", "user_id": "usr_ada", "plinto_request_id": "r-1"},
                 "custom_field_data": {"age": 36}, "customer_ip_address": "192.0.2.1", "new_field": "Ada",
                 "customer": {"id": "c-1", "external_id": "org 1 @ home", "email": "ada@example.com", "name": "Ada"},
                 "product": {"id": "p-1", "name": "Pro", "metadata": {"group": "plans"}}}
                """)).isEqualTo(JSON.readTree("""
                {"id": "order-1", "customer_id": "c-1", "status": "paid", "total_amount": 2900, "paid": true,
                 "invoice_number": "PLINTO-4711", "billing_name": null, "billing_address": null, "tax_id": null,
                 "metadata": {"organization_id": "org 1 @ home", "plinto_request_id": "r-1"},
                 "custom_field_data": null, "customer_ip_address": null, "new_field": null,
                 "customer": {"id": "c-1", "external_id": "org 1 @ home", "email": null, "name": null},
                 "product": {"id": "p-1", "name": "Pro", "metadata": {"group": "plans"}}}
                """));
    }

    @Test
    void member_andWhatEmbedsOne_tellsNoUser() throws IOException {
        String member = """
                {"id": "m-1", "customer_id": "c-1", "role": "owner", "external_id": "usr_ada",
                 "email": "ada@example.com", "name": "Ada"}""";
        String left = """
                {"id": "m-1", "customer_id": "c-1", "role": "owner", "external_id": null, "email": null, "name": null}
                """;

        assertThat(without(Kind.MEMBER, member)).isEqualTo(JSON.readTree(left));
        assertThat(
                without(Kind.SEAT, "{\"id\":\"s\",\"customer_email\":\"ada@example.com\",\"member\":" + member + "}"))
                .isEqualTo(JSON.readTree("{\"id\":\"s\",\"customer_email\":null,\"member\":" + left + "}"));
    }

    @Test
    void whatTheMerchantMade_staysWhole() throws IOException {
        String product = "{\"id\":\"p-1\",\"name\":\"Pro\",\"description\":\"All\",\"prices\":[{\"name\":\"x\"}]}";

        assertThat(without(Kind.PRODUCT, product)).isEqualTo(JSON.readTree(product));
    }

    private static JsonNode without(Kind kind, String object) throws IOException {
        return ImpersonalObject.of(kind, JSON.readTree(object));
    }
}
