package dev.plinto.polar.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.com", "Ada <ada@example.com>", "mailto:ada@example.com", "ada@localhost",
            "ada%40example.com", "a@b@c", "ada@example.com\n"})
    void address_isMasked(String id) {
        assertThat(MaskedAddress.of(id)).isEqualTo(MaskedAddress.MASKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org-1", "customer:048c0c08-8cfc-45ef-afbe-fcd748ed3256", "@handle", "acme@", ""})
    void otherId_isShown(String id) {
        assertThat(MaskedAddress.of(id)).isEqualTo(id);
    }

    @Test
    void accountInALogLine_isMasked() {
        LogFields.of("w-1", "ada@example.com", Trace.NONE,
                () -> assertThat(MDC.get("account")).isEqualTo(MaskedAddress.MASKED));
    }
}
