package dev.plinto.polar.billing;

import dev.plinto.polar.CountryCode;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What is sold, to whom, and where a provider may send a buyer back to.
@ConfigMapping(prefix = "polar")
public interface BillingConfig {

    /// The application's address (`POLAR_APP_URL`): relative URLs are resolved against it, and its host is allowed.
    Optional<String> appUrl();

    /// Further hosts that URLs may name (`POLAR_RETURN_HOSTS`), each with its port if that is not the usual one.
    Optional<List<String>> returnHosts();

    /// Whether new checkouts are made (`POLAR_SELLING`). Everything else goes on without.
    @WithDefault("true")
    boolean selling();

    /// What an organization's own customer at Polar is (`POLAR_CUSTOMER_TYPE`).
    @WithDefault("team")
    CustomerType customerType();

    enum CustomerType {
        /// Needs Polar's member model.
        TEAM,
        /// Polar makes one for the e-mail that the buyer types: one organization for each e-mail.
        INDIVIDUAL
    }

    /// When a change of the plan is charged (`POLAR_PRORATION`), where the request does not say; Polar's own setting
    /// unless set.
    Optional<Proration> proration();

    /// Polar's words, in capitals.
    enum Proration {
        INVOICE, PRORATE, NEXT_PERIOD, RESET;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Where nothing is sold (`POLAR_EXCLUDED_COUNTRIES`): codes of countries, in capital letters however they are
    /// written.
    @WithDefault("CU,IR,KP,SY,RU")
    Set<@WithConverter(CountryCode.FromSetting.class) String> excludedCountries();
}
