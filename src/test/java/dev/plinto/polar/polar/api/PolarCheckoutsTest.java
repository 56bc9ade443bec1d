package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.polar.api.NewCheckout.BillingAddress;
import dev.plinto.polar.polar.api.NewCheckout.Buyer;
import dev.plinto.polar.polar.api.NewCheckout.Pages;
import dev.plinto.polar.polar.api.NewCheckout.Terms;
import dev.plinto.polar.polar.api.NewCheckout.Trial;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checkouts that this service creates and reads at Polar.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class PolarCheckoutsTest extends SellingClient {

    private static final Pages NO_PAGES = new Pages(null, null, null);

    private final PolarCheckouts checkouts = new PolarCheckouts(calls);
    private final String pro = polar.catalogue().pro().toString();

    @Test
    void checkout_isCreatedWithAllThatWasAsked_andFoundAgain() throws Exception {
        String discount = polar.catalogue().addDiscount("Spring", 20).toString();
        NewCheckout wanted = new NewCheckout(List.of(pro),
                new Buyer(null, organization, "jo@example.com", "Jo", new BillingAddress("ES")),
                new Pages("https://app.example/done?checkout={CHECKOUT_ID}", "https://app.example/back",
                        "https://app.example"),
                new Terms("eur", null, null, discount, false, "es"), Trial.of("week", 2),
                Map.of("organization_id", organization, "plinto_key", "k"), Map.of("size", 3));

        Answered<PolarCheckout> created = checkouts.create(caller, wanted).answer();

        PolarCheckout checkout = created.object();
        assertThat(checkout.status()).isEqualTo("open");
        assertThat(checkout.productId()).isEqualTo(pro);
        assertThat(checkout.externalCustomerId()).isEqualTo(organization);
        assertThat(checkout.metadata()).containsEntry("organization_id", organization).containsEntry("plinto_key", "k");
        assertThat(checkout.url().toString()).contains(checkout.clientSecret());
        assertThat(Duration.between(checkout.createdAt(), checkout.expiresAt())).isEqualTo(Duration.ofDays(1));
        assertThat(checkout.toString()).doesNotContain(checkout.clientSecret());
        assertWhole(created, "custom_field_data", "amount");
        assertThat(created.json().path("success_url").asText())
                .isEqualTo("https://app.example/done?checkout=" + checkout.id());
        assertThat(Stream.of("return_url", "embed_origin", "customer_email", "customer_name", "discount_id",
                "allow_discount_codes", "trial_interval", "trial_interval_count", "currency")
                .map(field -> created.json().path(field).asText()))
                .containsExactly("https://app.example/back", "https://app.example", "jo@example.com", "Jo", discount,
                        "false", "week", "2", "eur");
        assertThat(created.json().at("/customer_billing_address/country").asText()).isEqualTo("ES");

        assertThat(checkouts.find(caller, checkout.id()).orElseThrow().answer().object()).isEqualTo(checkout);
        assertThat(checkouts.find(caller, UUID.randomUUID().toString())).isEmpty();
        assertThat(checkouts.find(caller, "not-one-of-polars")).isEmpty();
    }

    @Test
    void whatIsNotAsked_isLeftToPolar() throws Exception {
        String customer = polar.customers().create(organization).toString();

        Answered<PolarCheckout> created = checkouts.create(caller, plain(customer, pro)).answer();

        assertThat(created.object().customerId()).isEqualTo(customer);
        assertThat(created.json().path("allow_discount_codes").asBoolean()).isTrue();
        assertThat(created.json().path("allow_trial").asBoolean()).isTrue();
        assertThat(created.object().metadata()).isEmpty();
    }

    @Test
    void seats_andNoTrial_areAskedFor() throws Exception {
        String customer = polar.customers().create(organization).toString();

        Answered<PolarCheckout> created = checkouts.create(caller,
                new NewCheckout(List.of(polar.catalogue().studio().toString()),
                        new Buyer(customer, null, null, null, null), NO_PAGES,
                        new Terms(null, 4, null, null, null, null),
                        Trial.NONE, null, null))
                .answer();

        assertThat(created.json().path("seats").asInt()).isEqualTo(4);
        assertThat(created.json().path("allow_trial").asBoolean()).isFalse();
    }

    @Test
    void newestOfACustomer_areListed_andNobodyElses() throws Exception {
        String customer = polar.customers().create(organization).toString();
        String other = polar.customers().create("other-" + organization).toString();
        String first = create(customer);
        create(other);
        String second = create(customer);

        assertThat(checkouts.newestOf(caller, customer).orElseThrow().answer())
                .extracting(found -> found.object().id()).containsExactly(second, first);
        assertThat(checkouts.newestOf(caller, "not-one-of-polars")).isEmpty();
    }

    @Test
    void newestOfACustomerWhoDoesNotExistYet_areListed() throws Exception {
        String created = checkouts.create(caller, new NewCheckout(List.of(pro),
                new Buyer(null, organization, null, null, null), NO_PAGES, Terms.OF_POLAR, null, null, null))
                .answer().object().id();

        assertThat(checkouts.newestOfExternal(caller, organization).answer())
                .extracting(found -> found.object().id()).containsExactly(created);
        assertThat(checkouts.newestOfExternal(caller, "nobody").answer()).isEmpty();
    }

    @Test
    void refusals_areNamed() {
        String customer = polar.customers().create(organization).toString();

        assertThat(refusal(() -> checkouts.create(caller, plain(customer, UUID.randomUUID().toString()))))
                .isEqualTo(Refusal.PRODUCT_REFUSED);
        assertThat(refusal(() -> checkouts.create(caller, plain(UUID.randomUUID().toString(), pro))))
                .isEqualTo(Refusal.UNKNOWN_CUSTOMER);
        assertThat(refusal(() -> checkouts.create(caller,
                new NewCheckout(List.of(pro), new Buyer(customer, null, "no address", null, null), NO_PAGES,
                        Terms.OF_POLAR, null, null, null))))
                .isEqualTo(Refusal.INVALID_FIELDS);
    }

    private String create(String customer) throws InterruptedException {
        return checkouts.create(caller, plain(customer, pro)).answer().object().id();
    }

    private static NewCheckout plain(String customer, String product) {
        return new NewCheckout(List.of(product), new Buyer(customer, null, null, null, null), NO_PAGES,
                Terms.OF_POLAR, null, null, null);
    }
}
