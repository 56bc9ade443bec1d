package dev.plinto.polar.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.billing.BillingConfig.Proration;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BillingConfigTest {

    /// As Polar writes it, and as the docs do.
    @ParameterizedTest
    @EnumSource
    void proration_isPolarsWord(Proration proration) {
        BillingConfig config = new SmallRyeConfigBuilder().withMapping(BillingConfig.class)
                .withDefaultValue("polar.proration", proration.wireName()).build()
                .getConfigMapping(BillingConfig.class);

        assertThat(config.proration()).contains(proration);
    }
}
