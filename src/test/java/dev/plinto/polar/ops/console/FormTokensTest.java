package dev.plinto.polar.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormTokensTest {

    private static final Optional<String> SECRET = Optional.of("a-secret-of-more-than-32-characters");

    private final FormTokens tokens = new FormTokens(SECRET);

    @Test
    void sameSession_hasTheSameToken_onEveryReplica() {
        assertThat(new FormTokens(SECRET).sign("session")).isEqualTo(tokens.sign("session")).hasSize(43);
    }

    @Test
    void otherSessionOrSecret_hasAnotherToken() {
        assertThat(tokens.sign("session")).isNotEqualTo(tokens.sign("session2"))
                .isNotEqualTo(new FormTokens(Optional.of("another-secret-of-more-than-32-characters"))
                        .sign("session"))
                .isNotEqualTo(new FormTokens(Optional.empty()).sign("session"));
    }
}
