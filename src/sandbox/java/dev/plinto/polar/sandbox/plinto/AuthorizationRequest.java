package dev.plinto.polar.sandbox.plinto;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A client's request that somebody signs in: authorization code with PKCE.
///
/// @param scopes    those that the provider knows; without `openid` there is no ID token
/// @param challenge the SHA-256 of the verifier with which the client will exchange the code
/// @param isSilent  answer without asking anybody: `prompt=none`
/// @param maxAge    how long ago the person may have signed in, if nobody is asked
record AuthorizationRequest(String clientId, URI redirectUri, List<String> scopes, Optional<String> nonce,
        String challenge, boolean isSilent, Optional<Duration> maxAge) {

    static final List<String> SCOPES = List.of("openid", "profile", "email");

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /// Throws what is to be sent to the client.
    static AuthorizationRequest of(Parameters parameters, ReturnAddress client) {
        if (!parameters.required("response_type").equals("code")) {
            throw new OAuthFailure("unsupported_response_type", "response_type must be code.");
        }
        if (!parameters.one("response_mode").orElse("query").equals("query")) {
            throw OAuthFailure.invalidRequest("response_mode must be query, or not be sent.");
        }
        if (!parameters.one("code_challenge_method").orElse("plain").equals("S256")) {
            throw OAuthFailure.invalidRequest("PKCE is needed: send code_challenge_method=S256 and code_challenge.");
        }
        List<String> prompts = words(parameters.one("prompt").orElse(""));
        if (prompts.contains("none") && prompts.size() > 1) {
            throw OAuthFailure.invalidRequest("prompt must be none alone, or not contain it.");
        }
        List<String> asked = words(parameters.one("scope").orElse(""));
        return new AuthorizationRequest(parameters.required("client_id"), client.uri(),
                SCOPES.stream().filter(asked::contains).toList(), parameters.one("nonce"), challenge(parameters),
                prompts.contains("none"), parameters.one("max_age").map(AuthorizationRequest::seconds));
    }

    private static String challenge(Parameters parameters) {
        String challenge = parameters.required("code_challenge");
        if (!CHALLENGE.matcher(challenge).matches()) {
            throw OAuthFailure.invalidRequest(
                    "code_challenge must be the SHA-256 of the verifier in base64url, without padding: 43 characters.");
        }
        return challenge;
    }

    private static Duration seconds(String maxAge) {
        if (!SECONDS.matcher(maxAge).matches()) {
            throw OAuthFailure.invalidRequest("max_age must be a number of seconds.");
        }
        return Duration.ofSeconds(Long.parseLong(maxAge));
    }

    static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    boolean wantsIdToken() {
        return scopes.contains("openid");
    }

    boolean isMadeWith(String verifier) {
        return VERIFIER.matcher(verifier).matches() && challenge.equals(sha256(verifier));
    }

    private static String sha256(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
