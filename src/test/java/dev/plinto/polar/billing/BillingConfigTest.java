package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.billing.BillingConfig.Proration;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BillingConfigTest {

    /// As Polar writes it, and as the docs do.
    @ParameterizedTest
    @EnumSource
    void proration_isPolarsWord(Proration proration) {
        assertThat(config("polar.proration", proration.wireName()).proration()).contains(proration);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cu         | CU
            Cu,iR      | CU IR
            cu , CU,kp | CU KP
            """)
    void excludedCountries_areWrittenInAnyCase(String setting, String codes) {
        assertThat(config("polar.excluded-countries", setting).excludedCountries())
                .containsExactlyInAnyOrder(codes.split(" "));
    }

    @Test
    void excludedCountries_haveADefault() {
        assertThat(config("polar.selling", "true").excludedCountries())
                .containsExactlyInAnyOrder("CU", "IR", "KP", "SY", "RU");
    }

    /// `ı` becomes a capital I.
    @ParameterizedTest
    @ValueSource(strings = {"Cuba", "XX", "CU,RUS", "CU IR", "UK", "ır"})
    void whatIsNoCountry_isRefused(String setting) {
        assertThatThrownBy(() -> config("polar.excluded-countries", setting))
                .hasMessageContaining("polar.excluded-countries").hasMessageContaining(setting)
                .hasMessageContaining("two letters of ISO 3166");
    }

    private static BillingConfig config(String property, String value) {
        return new SmallRyeConfigBuilder().withMapping(BillingConfig.class).withDefaultValue(property, value).build()
                .getConfigMapping(BillingConfig.class);
    }
}
