package dev.plinto.polar.ops.console;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/// Signs the session into the forms of its pages, so that no other site, and no other session, can send them (CSRF).
/// Nothing is stored: the same session has the same form token, on every replica.
///
/// Quarkus' own protection compares a form with a cookie of its own, which no session is bound to.
@Singleton
final class FormTokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "form of the console:"; // the secret also encrypts sessions

    private final SecretKeySpec key;

    /// @param secret of this service's client at the identity provider, the same on all replicas. Without it nobody can
    ///               sign in; the sandbox's forms are then signed with a key of this process
    FormTokens(@ConfigProperty(name = "quarkus.oidc.credentials.secret") Optional<String> secret) {
        key = new SecretKeySpec(secret.map(text -> text.getBytes(StandardCharsets.UTF_8))
                .orElseGet(FormTokens::random), ALGORITHM);
    }

    /// Of the session's token, which ends with the session.
    String of(SecurityIdentity identity) {
        String session = identity.getPrincipal() instanceof JsonWebToken token
                ? token.getRawToken()
                : identity.getPrincipal().getName();
        return sign(session);
    }

    String sign(String session) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(mac.doFinal((PURPOSE + session).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) { // every Java platform has HmacSHA256
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] random() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
