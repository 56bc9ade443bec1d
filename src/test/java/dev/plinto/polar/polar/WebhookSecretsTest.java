package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WebhookSecretsTest {

    @Test
    void commasSeparate_andBlanksAroundAreRemoved() {
        assertThat(WebhookSecrets.split("one, two ,,three,")).containsExactly("one", "two", "three");
    }

    @Test
    void escapedComma_isPartOfTheSecret() {
        assertThat(WebhookSecrets.split("a\\,b,c")).containsExactly("a,b", "c");
    }
}
