package dev.plinto.polar.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs as Polar does (Standard Webhooks 1.0, symmetric).
final class WebhookSigner {

    private static final String STANDARD_PREFIX = "whsec_";

    private WebhookSigner() {}

    /// The value of `webhook-signature` for one attempt, made at `timestamp` (Unix seconds).
    ///
    /// The key is what stands in base64 after `whsec_`, as for every secret that Polar generates today; any other
    /// secret is used as it is, as Polar does with those from before.
    static String sign(String secret, String webhookId, long timestamp, byte[] body) {
        byte[] key = secret.startsWith(STANDARD_PREFIX)
                ? Base64.getDecoder().decode(secret.substring(STANDARD_PREFIX.length()))
                : secret.getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((webhookId + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java platform", e);
        }
    }
}
