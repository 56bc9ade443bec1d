package dev.plinto.polar.sandbox.plinto;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The clients of the provider. Every id is known: a client is public, or confidential with the one [#SECRET]. The
/// console's client is always confidential.
final class Clients {

    static final String CONSOLE = "console";
    /// Public, as part of this source. Quarkus wants 32 characters.
    static final String SECRET = "the-secret-of-the-sandboxs-clients";

    private static final String BASIC = "Basic ";

    private record Credentials(String id, Optional<String> secret) {}

    /// The id of the client that sends the request. Throws `invalid_client` if its secret is another, or missing.
    static String authenticated(Parameters form, Optional<String> authorization) {
        Credentials sent = authorization.map(Clients::basic)
                .orElseGet(() -> new Credentials(form.required("client_id"), form.one("client_secret")));
        boolean isAccepted = sent.secret.map(SECRET::equals).orElse(!sent.id.equals(CONSOLE));
        if (!isAccepted) {
            throw wrongSecret();
        }
        return sent.id;
    }

    /// Id and secret are form-encoded within the header (RFC 6749, 2.3.1).
    private static Credentials basic(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw wrongSecret();
        }
        try {
            String[] parts = new String(Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.UTF_8).split(":", 2);
            return parts.length < 2
                    ? new Credentials(decoded(parts[0]), Optional.empty())
                    : new Credentials(decoded(parts[0]), Optional.of(decoded(parts[1])));
        } catch (IllegalArgumentException e) {
            throw wrongSecret();
        }
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    private static OAuthFailure wrongSecret() {
        return new OAuthFailure("invalid_client", "A confidential client's secret is " + SECRET
                + "; a public client sends none, only its client_id. The client " + CONSOLE + " is confidential.");
    }

    private Clients() {}
}
