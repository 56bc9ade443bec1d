package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import dev.plinto.polar.Problem;
import dev.plinto.polar.caller.Caller;
import dev.plinto.polar.caller.OrganizationRole;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutRequestTest {

    private static final Caller PERSON = new Caller.Person("usr_1", Optional.empty(), false, Optional.of("org-1"),
            Map.of("org-1", OrganizationRole.OWNER), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Caller SERVICE = new Caller.Service("app", Optional.of("app"), false, Optional.empty(),
            Set.of(),
            true);

    @Test
    void everyField_isRead() {
        CheckoutRequest request = CheckoutRequest.read("""
                {"product_id": "pro", "organization_id": "org-1", "success_url": "/done", "return_url": "/back",
                 "embed_origin": "https://app.example", "customer_email": "ana.o'neil+x@mail.example.com.mx",
                 "customer_name": "José Ñandú 😀", "customer_phone": "+52 (55) 1234-5678", "user_id": "usr_1",
                 "country": "MX", "currency": "mxn", "seats": 3, "units": 7, "allow_discount_codes": false,
                 "trial": {"interval": "week", "count": 2}, "discount_id": "d", "locale": "es-MX",
                 "metadata": {"source": "ad", "score": 1.5, "beta": true},
                 "custom_field_data": {"tax": null, "size": 3}}
                """);

        assertThat(request.products()).containsExactly("pro");
        assertThat(request.organizationId()).contains("org-1");
        assertThat(request.successUrl()).contains("/done");
        assertThat(request.returnUrl()).contains("/back");
        assertThat(request.embedOrigin()).contains("https://app.example");
        assertThat(request.customerEmail()).contains("ana.o'neil+x@mail.example.com.mx");
        assertThat(request.customerName()).contains("José Ñandú 😀");
        assertThat(request.customerPhone()).contains("+52 (55) 1234-5678");
        assertThat(request.userId()).contains("usr_1");
        assertThat(request.country()).contains("MX");
        assertThat(request.currency()).contains("mxn");
        assertThat(request.seats()).contains(3);
        assertThat(request.units()).contains(7);
        assertThat(request.allowDiscounts()).contains(false);
        assertThat(request.trial()).contains(new Trial.Lasting(Trial.Interval.WEEK, 2));
        assertThat(request.discountId()).contains("d");
        assertThat(request.locale()).contains("es-MX");
        assertThat(request.metadata()).hasToString(Map.copyOf(request.metadata()).toString()).hasSize(3);
        assertThat(request.customFields()).hasSize(2);
        assertThat(request.toString()).doesNotContain("ana", "José", "usr_1");
    }

    @Test
    void severalProducts_areReadInTheirOrder_andNullIsNotThere() {
        CheckoutRequest request = CheckoutRequest.read("{\"products\": [\"b\", \"a\"], \"product_id\": null, "
                + "\"seats\": null, \"trial\": false}");

        assertThat(request.products()).containsExactly("b", "a");
        assertThat(request.seats()).isEmpty();
        assertThat(request.trial()).contains(new Trial.None());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "seats | 0", "seats | -1", "seats | 2.5", "seats | 1e9", "seats | 1000000000", "seats | 10001",
            "seats | 3.0",
            "seats | \"3\"", "seats | true", "seats | 1e1000000000", "seats | []", "seats | 99999999999999999999999",
            "units | 0", "units | 1.5", "allow_discount_codes | \"true\"", "allow_discount_codes | 1",
            "trial | true", "trial | {}", "trial | {\"interval\":\"day\"}",
            "trial | {\"interval\":\"day\",\"count\":0}",
            "trial | {\"interval\":\"DAY\",\"count\":1}", "trial | {\"interval\":\"year\",\"count\":1001}",
            "trial | {\"interval\":\"day\",\"count\":1,\"x\":1}", "trial | \"week\"", "trial | [\"week\",2]",
            "country | \"mx\"", "country | \"XX\"", "country | \"MEX\"", "country | 484", "currency | \"MXN\"",
            "currency | \"mx\"", "locale | \"es_MX\"", "locale | \"x\\r\\nSet-Cookie: a\"",
            "customer_email | \"a\"", "customer_email | \"a@b\"", "customer_email | \"a b@c.de\"",
            "customer_email | \"a@b.de\\r\\nBcc: x@y.de\"", "customer_email | \"a@b.de,c@d.de\"",
            "customer_email | \"<a@b.de>\"", "customer_email | \"a@-b.de\"", "customer_email | \"a@b..de\"",
            "customer_name | \"a\\u0000b\"", "customer_name | \"a\\nb\"", "customer_name | \"\\ud800\"",
            "customer_name | \"  \"", "customer_name | 7", "customer_phone | \"call me\"",
            "customer_phone | \"1\\n2345\"",
            "user_id | \"a\\u0007\"", "organization_id | {}", "organization_id | \"\"", "success_url | 1",
            "discount_id | []", "metadata | []", "metadata | {\"a\":{}}", "metadata | {\"a\":null}",
            "metadata | {\"\":1}", "metadata | {\"a\\u0000\":1}", "metadata | {\"a\":\"\\u0000\"}",
            "metadata | {\"a\":1e400}", "metadata | {\"a1234567890123456789012345678901234567890\":1}",
            "custom_field_data | 1", "custom_field_data | {\"a\":[]}", "custom_field_data | {\"a\":\"\\u0000\"}",
            "custom_field_data | {\"a\":1e400}", "organization_id | \"customer:1\"",
            "__proto__ | 1", "amount | 0", "prices | {}", "customer_id | \"x\"", "external_customer_id | \"x\"",
            "subscription_id | \"x\"", "Seats | 3",
    })
    void faultyField_isNamed(String field, String value) {
        assertThat(faults("{\"product_id\":\"pro\",\"" + field + "\":" + value + "}")).containsExactly(field);
    }

    @Test
    void textsThatAreTooLong_areNamed() {
        assertThat(faults("{\"product_id\":\"a\",\"custom_field_data\":{\"" + "k".repeat(501) + "\":1}}"))
                .containsExactly("custom_field_data");
        assertThat(faults("{\"product_id\":\"a\",\"custom_field_data\":{\"k\":" + "9".repeat(501) + "}}"))
                .containsExactly("custom_field_data");
        String tooLong = "\"" + "x".repeat(501) + "\"";

        assertThat(faults("{\"product_id\":" + tooLong + ",\"customer_name\":" + tooLong + ",\"user_id\":" + tooLong
                + ",\"metadata\":{\"a\":" + tooLong + "}}"))
                .containsExactly("customer_name", "metadata", "product_id", "user_id");
    }

    @Test
    void allFaults_areToldAtOnce_withoutValues() {
        assertThatThrownBy(
                () -> CheckoutRequest.read("{\"products\":[],\"seats\":-7,\"country\":\"secret\",\"se cret\":1}"))
                .isInstanceOfSatisfying(WebApplicationException.class, refused -> {
                    Problem.Document problem = (Problem.Document) refused.getResponse().getEntity();
                    assertThat(problem.type()).endsWith(":body-invalid");
                    assertThat(problem.members().get("errors")).asInstanceOf(list(FieldFault.class))
                            .extracting(FieldFault::field).containsExactly("", "country", "products", "seats");
                    assertThat(problem.toString()).doesNotContain("secret", "se cret", "-7");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"product_id\":\"a\",\"products\":[\"b\"]}", "{\"product_id\":null}"})
    void productsMustBeNamed_inOneWay(String body) {
        assertThat(faults(body)).containsExactly("product_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"a\"", "{\"a\":\"a\"}", "[\"a\",\"a\"]", "[1]", "[null]", "[\"a\",\"\\u0000\"]",
            "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\",\"14\",\"15\",\"16\","
                    + "\"17\",\"18\",\"19\",\"20\",\"21\"]"})
    void listOfProducts_hasSomeDifferentIds(String products) {
        assertThat(faults("{\"products\":" + products + "}")).containsExactly("products");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "{\"product_id\":\"a\",\"product_id\":\"b\"}",
            "{\"product_id\":\"a\"} x",
            "{'product_id':'a'}", "<x/>"})
    void whatIsNoObject_isRefused(String body) {
        assertThatThrownBy(() -> CheckoutRequest.read(body)).isInstanceOfSatisfying(WebApplicationException.class,
                refused -> assertThat(refused.getResponse().getStatus()).isEqualTo(400));
    }

    @Test
    void metadataThatIsOurs_isDropped_andThereIsRoomForIt() {
        assertThat(CheckoutRequest.read("{\"product_id\":\"a\",\"metadata\":{\"organization_id\":\"org-2\","
                + "\"user_id\":{},\"plinto_checkout\":\"x\",\"mine\":1}}").metadata()).containsOnlyKeys("mine");

        assertThatCode(() -> CheckoutRequest.read(withKeys(40))).doesNotThrowAnyException();
        assertThat(faults(withKeys(41))).containsExactly("metadata");
    }

    private static String withKeys(int count) {
        return "{\"product_id\":\"a\",\"metadata\":{" + IntStream.range(0, count).mapToObj(key -> "\"k" + key + "\":1")
                .collect(Collectors.joining(",")) + "}}";
    }

    @Test
    void buyer_isNotTheMerchant() {
        CheckoutRequest services = CheckoutRequest
                .read("{\"product_id\":\"a\",\"discount_id\":\"hidden\",\"user_id\":\"u\","
                        + "\"trial\":{\"interval\":\"year\",\"count\":1000}}");
        CheckoutRequest buyers = CheckoutRequest.read("{\"product_id\":\"a\",\"trial\":false,\"seats\":2}");

        assertThatCode(() -> services.requireAllowedFor(SERVICE)).doesNotThrowAnyException();
        assertThatCode(() -> buyers.requireAllowedFor(PERSON)).doesNotThrowAnyException();
        assertThatThrownBy(() -> services.requireAllowedFor(PERSON)).isInstanceOfSatisfying(
                WebApplicationException.class,
                refused -> {
                    Problem.Document problem = (Problem.Document) refused.getResponse().getEntity();
                    assertThat(problem.status()).isEqualTo(403);
                    assertThat(problem.type()).endsWith(":service-only");
                    assertThat(problem.members()).containsEntry("fields", List.of("discount_id", "trial", "user_id"));
                });
    }

    @Property(tries = 3_000, seed = "20")
    void anyText_isReadOrRefused(@ForAll String text) {
        String quoted = com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
        for (String body : List.of(text, "{\"product_id\":" + quoted + ",\"customer_name\":" + quoted
                + ",\"customer_email\":" + quoted + ",\"metadata\":{" + quoted + ":" + quoted + "}}")) {
            try {
                CheckoutRequest.read(body);
            } catch (WebApplicationException refused) {
                assertThat(refused.getResponse().getStatus()).isIn(400, 422);
            }
        }
    }

    private static List<String> faults(String body) {
        try {
            CheckoutRequest.read(body);
        } catch (WebApplicationException refused) {
            assertThat(refused.getResponse().getStatus()).isEqualTo(422);
            return ((List<?>) ((Problem.Document) refused.getResponse().getEntity()).members().get("errors")).stream()
                    .map(fault -> ((FieldFault) fault).field()).distinct().toList();
        }
        return List.of();
    }
}
