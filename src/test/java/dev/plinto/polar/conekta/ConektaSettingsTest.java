package dev.plinto.polar.conekta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConektaSettingsTest {

    private static final String KEY = SignedByOpenssl.KEY;
    private static final String IN_ONE_LINE = KEY.strip().replace("\n", "\\n");

    @TempDir
    Path folder;

    @Test
    void key_isAPemOrAFile() throws IOException {
        String file = file("key.pem", KEY);

        for (String setting : List.of(KEY, IN_ONE_LINE, KEY.replace("\n", "\r\n"), file, " " + file + " ,")) {
            assertThat(WebhookKeys.read(setting).problems()).isEmpty();
            assertThat(WebhookKeys.read(setting).keys()).hasSize(1);
        }
        assertThat(WebhookKeys.read(file + "," + IN_ONE_LINE + "," + KEY).keys()).hasSize(3);
        assertThat(WebhookKeys.read(file("both.pem", KEY + KEY)).keys()).hasSize(2);
    }

    @Test
    void keyThatCannotBeUsed_isNamedByItsNumberOnly() throws IOException {
        assertThat(keyProblems(SignedByOpenssl.SHORT_KEY)).singleElement().asString()
                .isEqualTo("CONEKTA_WEBHOOK_KEYS is an RSA key of 1024 bits, which can be broken: at least 2048 are "
                        + "needed");
        assertThat(keyProblems(SignedByOpenssl.ELLIPTIC_KEY)).containsExactly(
                "CONEKTA_WEBHOOK_KEYS has a PEM that is not an RSA key");
        assertThat(keyProblems(KEY.replace("PUBLIC KEY", "RSA PRIVATE KEY"))).singleElement().asString()
                .startsWith("CONEKTA_WEBHOOK_KEYS has a PEM that is no PUBLIC KEY: ");
        assertThat(keyProblems(KEY.substring(0, 200))).singleElement().asString()
                .startsWith("CONEKTA_WEBHOOK_KEYS is no PEM of a public key, from ");
        assertThat(keyProblems(file("cut.pem", KEY + KEY.substring(0, 200)))).singleElement().asString()
                .startsWith("CONEKTA_WEBHOOK_KEYS is no PEM of a public key, from ");
        assertThat(keyProblems(KEY.replace("MII", "MI%"))).containsExactly(
                "CONEKTA_WEBHOOK_KEYS has a PEM that is not an RSA key");
        assertThat(keyProblems(",")).containsExactly("CONEKTA_WEBHOOK_KEYS contains only separators, no key");
        assertThat(keyProblems(KEY + ",/no/such/key_secret," + SignedByOpenssl.ELLIPTIC_KEY)).containsExactly(
                "CONEKTA_WEBHOOK_KEYS (number 2) is neither a PEM nor a file that can be read",
                "CONEKTA_WEBHOOK_KEYS (number 3) has a PEM that is not an RSA key");
        assertThat(keyProblems("a\0b")).containsExactly(
                "CONEKTA_WEBHOOK_KEYS is neither a PEM nor a file that can be read");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            conekta.plans    | gold        | CONEKTA_PLANS has "gold" where <plan id>=<Polar product id> is expected
            conekta.plans    | gold=       | CONEKTA_PLANS has "gold=" where
            conekta.plans    | =p          | CONEKTA_PLANS has "=p" where
            conekta.plans    | a=b=c       | CONEKTA_PLANS has "a=b=c" where
            conekta.plans    | a=b, c d=e  | CONEKTA_PLANS has "c d=e" where
            conekta.plans    | a=b,c=d,a=b | CONEKTA_PLANS names "a" more than once
            conekta.products | p=9.50      | CONEKTA_PRODUCTS has "p=9.50" where <Polar product id>=<whole centavos> is
            conekta.products | p=0         | CONEKTA_PRODUCTS has "p=0" where
            conekta.products | p=-1        | CONEKTA_PRODUCTS has "p=-1" where
            conekta.products | p=1,p=2     | CONEKTA_PRODUCTS names "p" more than once
            conekta.sandbox  | ture        | CONEKTA_SANDBOX is neither true nor false
            """)
    void settingThatCannotBeRead_isNamedWithItsItem(String setting, String value, String problem) {
        assertThat(ConektaSettings.problems(Map.of(setting, value)::get)).singleElement().asString()
                .startsWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key_secret key_other", "key_secret\nkey_other", "key_señal"})
    void privateKeyThatIsNone_isRefusedAndNotPrinted(String key) {
        assertThat(ConektaSettings.problems(Map.of("conekta.private-key", key)::get)).singleElement().asString()
                .startsWith("CONEKTA_PRIVATE_KEY contains a space, a line break").doesNotContain("key_");
    }

    @Test
    void goodSettings_areRead() {
        Map<String, String> good = Map.of("conekta.private-key", "key_secret ", "conekta.webhook-keys", IN_ONE_LINE,
                "conekta.plans", " gold = product-1 ,silver=product-2,", "conekta.products", "product-3=49900",
                "conekta.sandbox", "true");

        assertThat(ConektaSettings.problems(good::get)).isEmpty();
        assertThat(ConektaSettings.productsOfPlans(Optional.of(good.get("conekta.plans"))))
                .isEqualTo(Map.of("gold", "product-1", "silver", "product-2"));
        assertThat(ConektaSettings.problems(Map.<String, String>of()::get)).isEmpty();
        assertThat(ConektaSettings.problems(Map.of("conekta.webhook-keys", " ", "conekta.plans", "")::get)).isEmpty();
    }

    @Test
    void unreadableSettings_areNotGuessed() {
        assertThatThrownBy(() -> ConektaSettings.productsOfPlans(Optional.of("gold")))
                .hasMessageStartingWith("CONEKTA_PLANS has \"gold\"");
        assertThatThrownBy(() -> new ConektaDialect(true, Optional.of("nothing")))
                .hasMessageStartingWith("CONEKTA_WEBHOOK_KEYS is neither");
    }

    @Test
    void environment_isReadAsItIsWritten() {
        ConektaConfig set = config(Map.of("CONEKTA_PRIVATE_KEY", "key_secret", "CONEKTA_WEBHOOK_KEYS", IN_ONE_LINE,
                "CONEKTA_PLANS", "gold=product-1", "CONEKTA_SANDBOX", "true", "CONEKTA_API_URL", "https://c.example/"));
        ConektaConfig unset = config(Map.of());

        assertThat(set.isOn()).isTrue();
        assertThat(WebhookKeys.read(set.webhookKeys().orElseThrow()).keys()).hasSize(1);
        assertThat(set.plans()).contains("gold=product-1");
        assertThat(set.sandbox()).isTrue();
        assertThat(set.baseUrl()).isEqualTo("https://c.example");
        assertThat(unset.isOn()).isFalse();
        assertThat(unset.sandbox()).isFalse();
        assertThat(unset.baseUrl()).isEqualTo("https://api.conekta.io");
    }

    private static ConektaConfig config(Map<String, String> environment) {
        return new SmallRyeConfigBuilder().addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter()).withMapping(ConektaConfig.class)
                .withSources(new EnvConfigSource(environment, 300)).build().getConfigMapping(ConektaConfig.class);
    }

    private static List<String> keyProblems(String setting) {
        List<String> problems = ConektaSettings.problems(Map.of("conekta.webhook-keys", setting)::get);
        assertThat(problems).noneMatch(problem -> problem.contains("MII") || problem.contains("secret"));
        return problems;
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }
}
