package dev.plinto.polar.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredSettingsTest {

    private static final Map<String, String> COMPLETE = Map.of(
            "kafka.bootstrap.servers", "kafka:9092",
            "polar.webhook.secret", "polar_whs_a-secret-that-is-hard-to-guess",
            "polar.access-token", "polar_oat_secret",
            "quarkus.datasource.reactive.url", "postgresql://db/polar",
            "quarkus.datasource.username", "polar",
            "quarkus.datasource.password", "correct horse",
            "plinto.jwt.issuer", "https://plinto.dev",
            "plinto.jwt.audience", "plinto",
            "plinto.jwks.url", "https://plinto.dev/jwks.json");

    @Test
    void completeSettings_areAccepted() {
        assertThat(RequiredSettings.problems(COMPLETE::get)).isEmpty();
    }

    @Test
    void malformedToken_isRefusedAndNotPrinted() {
        Map<String, String> settings = new HashMap<>(COMPLETE);
        settings.put("polar.access-token", "polar_oat_first\npolar_oat_second");

        assertThat(RequiredSettings.problems(settings::get)).singleElement().asString()
                .startsWith("POLAR_ACCESS_TOKEN contains a space, a line break").doesNotContain("polar_oat");
    }

    @ParameterizedTest
    @CsvSource({
            "plinto.jwks.url, http://keys.example/jwks.json, 'PLINTO_JWKS_URL must begin with https://'",
            "plinto.jwks.url, http://user:pass@localhost.example/, 'but is http://localhost.example: whoever'",
            "plinto.jwks.url, keys.example/jwks.json, 'PLINTO_JWKS_URL is not a URL with https:// and a host'",
            "plinto.jwks.url, file:///etc/jwks.json, 'PLINTO_JWKS_URL is not a URL with https:// and a host'",
            "polar.api.url, http://10.0.0.1:8080/v1, 'POLAR_API_URL must begin with https://'",
            "conekta.api.url, http://10.0.0.1:8080, 'CONEKTA_API_URL must begin with https://'",
            "polar.api.url, ftp://127.0.0.1/, 'POLAR_API_URL must begin with https://'",
            "polar.api.url, https://a b, 'POLAR_API_URL is not a URL: '",
            "quarkus.oidc.auth-server-url, HTTP://127.0.0.1.example, QUARKUS_OIDC_AUTH_SERVER_URL must begin with",
    })
    void urlInClearText_isRefused(String setting, String url, String why) {
        assertThat(problems(Map.of(setting, url))).singleElement().asString().contains(why).doesNotContain("pass");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://keys.example/", "HTTPS://keys.example", "http://localhost:8080/", "http://[::1]/",
            "http://127.0.0.1:8080/v1", " "})
    void encryptedOrLocalUrl_isAccepted(String url) {
        assertThat(problems(Map.of("polar.api.url", url))).isEmpty();
    }

    @Test
    void databaseOfAnotherKind_isRefusedAndNotPrinted() {
        assertThat(problems(Map.of("quarkus.datasource.reactive.url", "mysql://me:hidden@db/polar"))).singleElement()
                .asString().startsWith("QUARKUS_DATASOURCE_REACTIVE_URL must begin with postgresql://")
                .doesNotContain("hidden");
        assertThat(problems(Map.of("quarkus.datasource.reactive.url", "vertx-reactive:postgres://db/x"))).isEmpty();
    }

    /// Drivers repeat a URL that they cannot use, and so would the log.
    @ParameterizedTest
    @CsvSource({
            "postgresql://me:hidden@db/polar, must have no user and no password",
            "postgresql://me:hidden@db, must have no user and no password",
            "vertx-reactive:postgresql://me@db/polar, must have no user and no password",
            "postgresql://db/polar?user=me&password=hidden, must have no user and no password",
            "postgresql://me:hidden@d b/polar, must have no user and no password",
            "postgresql://d b/hidden, is not a URL: Illegal character in authority",
    })
    void databaseUrlWithCredentials_isRefusedAndNotPrinted(String url, String why) {
        Map<String, String> settings = Map.of("quarkus.datasource.reactive.url", url);

        assertThat(problems(settings)).singleElement().asString()
                .startsWith("QUARKUS_DATASOURCE_REACTIVE_URL " + why).doesNotContain("hidden");
        assertThat(RequiredSettings.problemsOfMigration(settings::get)).anyMatch(problem -> problem.contains(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://db:5432/polar?sslmode=verify-full&application_name=a@b",
            "postgresql://a:5432,b:5432/polar", "postgresql://%2Fvar%2Frun/polar", "postgresql://[::1]/polar"})
    void databaseUrlWithoutCredentials_isAccepted(String url) {
        assertThat(problems(Map.of("quarkus.datasource.reactive.url", url))).isEmpty();
    }

    @Test
    void emptySettings_areAllReportedAtOnce() {
        assertThat(names(Map.of())).containsExactly(
                "KAFKA_BOOTSTRAP_SERVERS", "POLAR_WEBHOOK_SECRET", "POLAR_ACCESS_TOKEN",
                "QUARKUS_DATASOURCE_REACTIVE_URL", "QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD",
                "PLINTO_JWT_ISSUER",
                "PLINTO_JWT_AUDIENCE", "PLINTO_JWKS_URL");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ingress    | POLAR_WEBHOOK_SECRET
            projection | ''
            relay      | ''
            reconcile  | POLAR_ACCESS_TOKEN
            api        | PLINTO_JWT_ISSUER PLINTO_JWT_AUDIENCE PLINTO_JWKS_URL
            usage      | PLINTO_JWT_ISSUER PLINTO_JWT_AUDIENCE PLINTO_JWKS_URL
            """)
    void oneRole_needsOnlyWhatItUses(String role, String needed) {
        Stream<String> brokerAndDatabase = Stream.of("KAFKA_BOOTSTRAP_SERVERS", "QUARKUS_DATASOURCE_REACTIVE_URL",
                "QUARKUS_DATASOURCE_USERNAME", "QUARKUS_DATASOURCE_PASSWORD");
        Stream<String> roleSettings = Arrays.stream(needed.split(" ")).filter(name -> !name.isEmpty());
        assertThat(names(Map.of("polar.roles", role)))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(brokerAndDatabase, roleSettings).toList());
    }

    @ParameterizedTest
    @CsvSource({
            "plinto.service-clients, *, PLINTO_SERVICE_CLIENTS names all clients by *",
            "plinto.service-clients, 'app, *', PLINTO_SERVICE_CLIENTS names all clients by *",
            "plinto.service-clients, app worker, PLINTO_SERVICE_CLIENTS has a client id with a space",
            "plinto.jwt.roles-of-organization, ture, PLINTO_JWT_ROLES_OF_ORGANIZATION is neither true nor false",
            "plinto.jwt.roles-of-organization, yes, PLINTO_JWT_ROLES_OF_ORGANIZATION is neither true nor false",
    })
    void doubtfulRuleForTokens_isRefused(String setting, String value, String why) {
        assertThat(problems(Map.of(setting, value))).singleElement().asString().startsWith(why);
    }

    @ParameterizedTest
    @CsvSource({"plinto.service-clients, 'app, worker'", "plinto.service-clients, ' '",
            "plinto.jwt.roles-of-organization, true", "plinto.jwt.roles-of-organization, false"})
    void clearRuleForTokens_isAccepted(String setting, String value) {
        assertThat(problems(Map.of(setting, value))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
            "conekta.private-key, key_first key_second, CONEKTA_PRIVATE_KEY contains a space",
            "conekta.webhook-keys, /no/such/key_file, CONEKTA_WEBHOOK_KEYS is neither a PEM nor a file",
            "conekta.plans, gold, CONEKTA_PLANS has \"gold\" where",
            "conekta.products, product=9.50, CONEKTA_PRODUCTS has \"product=9.50\" where",
            "conekta.sandbox, yes, CONEKTA_SANDBOX is neither true nor false",
    })
    void unreadableSettingForConekta_isRefused(String setting, String value, String why) {
        assertThat(problems(Map.of(setting, value))).singleElement().asString().startsWith(why)
                .doesNotContain("key_");
    }

    @Test
    void migration_needsOnlyTheDatabase() {
        assertThat(RequiredSettings.problemsOfMigration(Map.<String, String>of()::get))
                .extracting(problem -> problem.substring(0, problem.indexOf(' '))).containsExactly(
                        "QUARKUS_DATASOURCE_REACTIVE_URL", "QUARKUS_DATASOURCE_USERNAME",
                        "QUARKUS_DATASOURCE_PASSWORD");
        assertThat(RequiredSettings.problemsOfMigration(COMPLETE::get)).isEmpty();
    }

    @Test
    void unknownRole_isRefusedWithTheListOfRoles() {
        assertThat(problems(Map.of("polar.roles", "ingress, projektion"))).singleElement().asString()
                .isEqualTo("POLAR_ROLES names an unknown role projektion;"
                        + " the roles are ingress,projection,relay,reconcile,api,usage");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "", ","})
    void blankSecret_countsAsMissing(String secret) {
        assertThat(names(with("polar.webhook.secret", secret))).containsExactly("POLAR_WEBHOOK_SECRET");
    }

    @ParameterizedTest
    @CsvSource({
            "0123456789abcdef0123456789ABCDEF, 32 hex digits",
            "whsec_too-short, shorter than 24 characters",
            "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=, the sandbox's own secret",
    })
    void knownSecret_isRefusedAndNotPrinted(String secret, String rule) {
        assertThat(problems(with("polar.webhook.secret", secret))).singleElement().asString()
                .contains("POLAR_WEBHOOK_SECRET", rule)
                .doesNotContain(secret);
    }

    @Test
    void badSecretAmongSeveral_isReportedByItsNumber() {
        String secrets = COMPLETE.get("polar.webhook.secret") + ",short";

        assertThat(problems(with("polar.webhook.secret", secrets))).singleElement().asString()
                .contains("(number 2)");
    }

    /// The problems if all other settings are complete.
    private static List<String> problems(Map<String, String> settings) {
        var all = new HashMap<>(COMPLETE);
        all.putAll(settings);
        return RequiredSettings.problems(all::get);
    }

    private static Map<String, String> with(String name, String value) {
        var all = new HashMap<>(COMPLETE);
        all.put(name, value);
        return all;
    }

    private static List<String> names(Map<String, String> settings) {
        return RequiredSettings.problems(settings::get).stream().map(line -> line.split(" ")[0]).toList();
    }
}
