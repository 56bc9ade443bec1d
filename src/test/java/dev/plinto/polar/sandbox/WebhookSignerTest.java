package dev.plinto.polar.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The expected values are what `openssl dgst -sha256 -hmac …` says.
class WebhookSignerTest {

    private static final byte[] BODY = "{\"type\":\"order.paid\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void standardSecret_signsWithWhatItIsInBase64() {
        String secret = "whsec_c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveDE=";

        assertThat(WebhookSigner.sign(secret, "wh-1", 1_764_000_000, BODY))
                .isEqualTo("v1,QHKaQXXcRtbCiK0KdJ8tBDJitdmVduAvH9DLLfYGEKo=");
    }

    @Test
    void secretFromBefore_signsAsItIs() {
        assertThat(WebhookSigner.sign("polar_whs_sandbox-of-yesterday", "wh-1", 1_764_000_000, BODY))
                .isEqualTo("v1,UBwc7t67O9BJz2GGSx/ISE5ZiBmcovNFe6ZZ/KfO7ww=");
    }
}
