package dev.plinto.polar.sandbox.polar.pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/// What the page of an open checkout shows. `problem` is about the whole, and null if there is none; `trial`,
/// `discountName` and `returnUrl` may be null.
record CheckoutPage(
        String title,
        String merchant,
        String product,
        String price,
        String period,
        String trial,
        List<String> benefits,
        String discountName,
        Amounts amounts,
        List<Choice> choices,
        List<Field> fields,
        List<Country> countries,
        List<CardChoice> cards,
        String button,
        String returnUrl,
        String problem) {

    private static final List<Country> COUNTRIES = Arrays.stream(Locale.getISOCountries())
            .map(code -> new Country(code, Locale.of("", code).getDisplayCountry(Locale.ENGLISH)))
            .sorted(Comparator.comparing(Country::name))
            .toList();

    /// `discount` is null if there is none.
    record Amounts(String subtotal, String discount, String tax, String total) {}

    /// A field of the form. `problem` is null if it is valid; `button` applies it to the amounts.
    record Field(
            String name, String label, String type, String value, boolean required, String autocomplete, String button,
            String problem) {}

    record Country(String code, String name) {}

    /// One of the products that the buyer chooses from, if there are several.
    record Choice(String id, String name, boolean chosen) {}

    /// `form` is what the buyer has typed, empty at first.
    static CheckoutPage of(JsonNode checkout, Map<String, String> form, Problems problems) {
        JsonNode product = checkout.path("product");
        boolean pays = checkout.path("is_payment_required").asBoolean()
                || checkout.path("is_payment_setup_required").asBoolean();
        boolean trial = checkout.path("active_trial_interval").isTextual();
        boolean taxed = checkout.path("tax_amount").isNumber();
        boolean taxFollows = !taxed && !trial && checkout.path("total_amount").asLong() > 0;
        String due = Shown.money(checkout, "total_amount") + (taxFollows ? " plus tax" : "");
        return new CheckoutPage(
                "Checkout", Shown.text(checkout.path("organization"), "name"),
                Shown.text(product, "name"), Shown.money(checkout, "amount"), Shown.period(product),
                trial ? "The trial ends on " + Shown.date(checkout.path("trial_end")) + "." : null,
                StreamSupport.stream(product.path("benefits").spliterator(), false)
                        .map(benefit -> Shown.text(benefit, "description")).toList(),
                checkout.path("discount").isObject() ? Shown.text(checkout.path("discount"), "name") : null,
                new Amounts(
                        Shown.money(checkout, "amount"),
                        checkout.path("discount_amount").asLong() == 0
                                ? null
                                : Shown.money(checkout, "discount_amount"),
                        taxed ? Shown.money(checkout, "tax_amount") : "by your country", due),
                choices(checkout), fields(checkout, form, problems), COUNTRIES, pays ? CardChoice.ALL : List.of(),
                trial ? "Start the trial" : pays ? "Pay " + due : "Get it for free",
                checkout.path("return_url").isTextual() ? checkout.path("return_url").asText() : null,
                problems.general());
    }

    private static List<Choice> choices(JsonNode checkout) {
        return StreamSupport.stream(checkout.path("products").spliterator(), false)
                .map(product -> new Choice(
                        product.path("id").asText(), Shown.text(product, "name"),
                        product.path("id").equals(checkout.path("product_id"))))
                .toList();
    }

    private static List<Field> fields(JsonNode checkout, Map<String, String> form, Problems problems) {
        List<Field> fields = new ArrayList<>();
        if (checkout.path("seats").isInt()) {
            fields.add(field("seats", "Seats", "number", checkout.path("seats").asText(), "Change", form, problems));
        }
        fields.add(field("email", "E-mail", "email", Shown.text(checkout, "customer_email"), null, form, problems));
        fields.add(field("name", "Name", "text", Shown.text(checkout, "customer_name"), null, form, problems));
        String country = Shown.text(checkout.path("customer_billing_address"), "country");
        fields.add(field("country", "Country", "text", country, null, form, problems));
        if (checkout.path("allow_discount_codes").asBoolean()) {
            fields.add(field("discount_code", "Discount code", "text",
                    Shown.text(checkout.path("discount"), "code"), "Apply", form, problems));
        }
        return fields;
    }

    private static Field field(
            String name, String label, String type, String known, String button, Map<String, String> form,
            Problems problems) {
        return new Field(
                name, label, type, form.getOrDefault(name, known), !name.equals("discount_code"), name, button,
                problems.of(name));
    }
}
