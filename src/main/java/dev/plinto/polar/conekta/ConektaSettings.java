package dev.plinto.polar.conekta;

import dev.plinto.polar.Envelope;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the settings for Conekta say, and what cannot be read of them.
public final class ConektaSettings {

    static final String PRIVATE_KEY = "CONEKTA_PRIVATE_KEY";
    private static final String WEBHOOK_KEYS = "CONEKTA_WEBHOOK_KEYS";
    private static final String PLANS = "CONEKTA_PLANS";
    private static final String PRODUCTS = "CONEKTA_PRODUCTS";
    private static final String SANDBOX = "CONEKTA_SANDBOX";

    private static final Pattern CENTAVOS = Pattern.compile("[1-9][0-9]{0,14}");

    /// One line for each value that cannot be read, by the name of its environment variable, without a key. A setting
    /// that is not set is not checked.
    ///
    /// @param configured returns a property's value, or null
    public static List<String> problems(UnaryOperator<@Nullable String> configured) {
        return Stream.of(
                problems(PRIVATE_KEY, configured.apply("conekta.private-key"), ConektaSettings::privateKeyProblems),
                problems(WEBHOOK_KEYS, configured.apply("conekta.webhook-keys"), keys -> WebhookKeys.read(keys)
                        .problems()),
                problems(PLANS, configured.apply("conekta.plans"), plans -> plans(plans).problems()),
                problems(PRODUCTS, configured.apply("conekta.products"), products -> products(products).problems()),
                problems(SANDBOX, configured.apply("conekta.sandbox"), ConektaSettings::sandboxProblems))
                .flatMap(Function.identity()).toList();
    }

    private static Stream<String> problems(String name, @Nullable String value,
            Function<String, List<String>> problemsOf) {
        return Stream.ofNullable(value).map(String::strip).filter(set -> !set.isEmpty())
                .flatMap(set -> problemsOf.apply(set).stream()).map(why -> name + " " + why);
    }

    private static List<String> privateKeyProblems(String key) {
        return Envelope.isName(key)
                ? List.of()
                : List.of("contains a space, a line break or a character that keys do not have, or is too long: copy "
                        + "the key again");
    }

    /// Any other word would be read as `false`.
    private static List<String> sandboxProblems(String value) {
        return Set.of("true", "false").contains(value) ? List.of() : List.of("is neither true nor false");
    }

    private static Assignments plans(String setting) {
        return Assignments.read(setting, "<plan id>=<Polar product id>", Envelope::isName);
    }

    private static Assignments products(String setting) {
        return Assignments.read(setting, "<Polar product id>=<whole centavos>",
                amount -> CENTAVOS.matcher(amount).matches());
    }

    /// Polar's product of each plan.
    static Map<String, String> productsOfPlans(Optional<String> setting) {
        return setting.map(ConektaSettings::plans)
                .map(plans -> readable(PLANS, plans.values(), plans.problems())).orElse(Map.of());
    }

    /// What each of Polar's products costs that is bought once, in centavos.
    static Map<String, String> amountsOfProducts(Optional<String> setting) {
        return setting.map(ConektaSettings::products)
                .map(products -> readable(PRODUCTS, products.values(), products.problems())).orElse(Map.of());
    }

    static List<RSAPublicKey> webhookKeys(Optional<String> setting) {
        return setting.filter(keys -> !keys.isBlank()).map(WebhookKeys::read)
                .map(read -> readable(WEBHOOK_KEYS, read.keys(), read.problems())).orElse(List.of());
    }

    /// A start in production has checked the settings; dev mode and tests have not.
    private static <T> T readable(String name, T values, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(name + " " + problems.getFirst());
        }
        return values;
    }

    private ConektaSettings() {}
}
