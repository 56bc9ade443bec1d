package dev.plinto.polar.start;

import static dev.plinto.polar.Role.API;
import static dev.plinto.polar.Role.INGRESS;
import static dev.plinto.polar.Role.RECONCILE;
import static dev.plinto.polar.Role.USAGE;

import dev.plinto.polar.Role;
import dev.plinto.polar.conekta.ConektaSettings;
import dev.plinto.polar.polar.WebhookSecrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings that production refuses to start without. All missing or unacceptable settings are reported at once, by
/// the names of their environment variables; a secret's value is never printed.
public final class RequiredSettings {

    static final String ROLES = "polar.roles";
    private static final String SECRET = "polar.webhook.secret";
    private static final String TOKEN = "polar.access-token";
    private static final String DATABASE = "quarkus.datasource.";
    private static final String DATABASE_URL = DATABASE + "reactive.url";
    private static final Pattern DATABASE_URL_START = Pattern.compile("(vertx-reactive:)?postgres(ql)?://");

    private static final Pattern CREDENTIALS = Pattern.compile("://[^/?]*@|[?&](user|password)=");

    private static final List<Setting> SETTINGS = List.of(
            new Setting("kafka.bootstrap.servers",
                    "the Kafka brokers as host:port, separated by commas"),
            new Setting(SECRET,
                    "the secret of the webhook endpoint at Polar; several are separated by commas", INGRESS),
            new Setting(TOKEN,
                    "an organization access token of Polar, with which reconciliation finds what webhooks did not"
                            + " bring; a replica without the role reconcile (POLAR_ROLES) needs none",
                    RECONCILE),
            new Setting(DATABASE_URL,
                    "the database, as postgresql://host:port/database"),
            new Setting("quarkus.datasource.username",
                    "the database user"),
            new Setting("quarkus.datasource.password",
                    "the password of the database user"),
            new Setting("plinto.jwt.issuer",
                    "the issuer whose tokens are accepted: their claim iss", API, USAGE),
            new Setting("plinto.jwt.audience",
                    "the audience that tokens must have: their claim aud", API, USAGE),
            new Setting("plinto.jwks.url",
                    "the URL at which the issuer publishes the keys that verify its tokens", API, USAGE));

    private static final int SHORTEST_SECRET = 24;
    private static final Pattern CLI_LISTENER_SECRET = Pattern.compile("[0-9a-fA-F]{32}");
    /// Public, as part of the sandbox's source. Copied here, since production does not contain that class.
    private static final String SANDBOX_SECRET = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";

    /// One line for each reason not to start; empty if there is none.
    ///
    /// @param configured returns a property's value, or null
    public static List<String> problems(UnaryOperator<String> configured) {
        var problems = new ArrayList<String>();
        Set<Role> roles = roles(configured.apply(ROLES), problems);
        SETTINGS.stream().filter(setting -> setting.roles.stream().anyMatch(roles::contains))
                .forEach(setting -> problems.addAll(problems(setting, configured.apply(setting.property))));
        problems.addAll(EncryptedUrls.problems(configured));
        problems.addAll(TokenSettings.problems(configured));
        problems.addAll(ReturnSettings.problems(configured));
        problems.addAll(ConektaSettings.problems(configured));
        return problems;
    }

    /// The same for the separate migration step, which needs only the database.
    public static List<String> problemsOfMigration(UnaryOperator<String> configured) {
        return SETTINGS.stream().filter(setting -> setting.property.startsWith(DATABASE))
                .flatMap(setting -> problems(setting, configured.apply(setting.property)).stream())
                .toList();
    }

    private static List<String> problems(Setting setting, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return List.of(setting.environmentName() + " is missing: " + setting.meaning);
        }
        return switch (setting.property) {
            case TOKEN -> value.strip().chars().allMatch(c -> c > 0x20 && c < 0x7f)
                    ? List.of()
                    : List.of(
                            setting.environmentName() + " contains a space, a line break or a character that tokens do"
                                    + " not have: copy the token again");
            case DATABASE_URL -> databaseUrlProblems(value.strip()).stream()
                    .map(why -> setting.environmentName() + " " + why + ": " + setting.meaning).toList();
            case SECRET -> refusedSecrets(value).stream().map(why -> setting.environmentName() + " " + why).toList();
            default -> List.of();
        };
    }

    /// A URL that cannot be used is repeated by drivers, with the password in it.
    private static List<String> databaseUrlProblems(String url) {
        if (!DATABASE_URL_START.matcher(url).lookingAt()) {
            return List.of("must begin with postgresql://");
        }
        if (CREDENTIALS.matcher(url).find()) {
            return List.of("must have no user and no password, which have settings of their own");
        }
        try {
            new URI(url);
            return List.of();
        } catch (URISyntaxException malformed) {
            return List.of("is not a URL: " + malformed.getReason());
        }
    }

    private static Set<Role> roles(@Nullable String setting, List<String> problems) {
        try {
            return Role.parse(setting);
        } catch (IllegalArgumentException unknown) {
            problems.add(environmentName(ROLES) + " names an " + unknown.getMessage());
            return EnumSet.noneOf(Role.class); // the settings it needs are unknown until its roles are known
        }
    }

    private static List<String> refusedSecrets(String setting) {
        List<String> secrets = WebhookSecrets.split(setting);
        var refused = new ArrayList<String>();
        for (int i = 0; i < secrets.size(); i++) {
            String why = refusal(secrets.get(i));
            if (why != null) {
                refused.add(secrets.size() == 1 ? why : "(number " + (i + 1) + ") " + why);
            }
        }
        return secrets.isEmpty() ? List.of("contains only separators, no secret") : refused;
    }

    private static @Nullable String refusal(String secret) {
        if (secret.equals(SANDBOX_SECRET)) {
            return "is the sandbox's own secret, which is public: use the secret of your endpoint at Polar";
        }
        if (CLI_LISTENER_SECRET.matcher(secret).matches()) {
            return "is 32 hex digits, as the Polar CLI's listener uses: that is the merchant's organization id, which"
                    + " every payload contains; use the secret of your endpoint at Polar";
        }
        if (secret.length() < SHORTEST_SECRET) {
            return "is shorter than " + SHORTEST_SECRET
                    + " characters and can be guessed: use the secret of your endpoint at Polar";
        }
        return null;
    }

    static String environmentName(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /// A setting and the roles that need it.
    private record Setting(String property, String meaning, Set<Role> roles) {

        Setting {
            Objects.requireNonNull(property, "property");
            Objects.requireNonNull(meaning, "meaning");
            roles = Set.copyOf(roles);
        }

        /// No roles given: every role needs it.
        Setting(String property, String meaning, Role... roles) {
            this(property, meaning, roles.length == 0 ? EnumSet.allOf(Role.class) : Set.of(roles));
        }

        String environmentName() {
            return RequiredSettings.environmentName(property);
        }
    }

    private RequiredSettings() {}
}
