package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Stamp;
import dev.plinto.polar.entitlement.StampedValue;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenefitFeatureTest {

    private static final Stamp STAMP = new Stamp(Instant.EPOCH, "w");

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"{\"feature\":\"exports\"}, exports", "{\"feature\":7}, 7",
            "{\"feature\":true},", "{\"feature\":null},", "{},", ","})
    void feature_isThatOfTheMetadata_asOfTheMetadata(String metadata, String feature) {
        Facts benefit = Facts.statedAt(STAMP).carries(Benefit.METADATA, metadata).build();

        assertThat(BenefitFeature.stated(benefit).stamped(Benefit.FEATURE))
                .isEqualTo(new StampedValue<>(feature, STAMP));
    }

    @Test
    void metadataThatNoStatementCarried_tellsNoFeature() {
        assertThat(BenefitFeature.stated(Facts.NONE).stamped(Benefit.FEATURE)).isNull();
    }
}
