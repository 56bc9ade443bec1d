package dev.plinto.polar.sandbox.plinto;

import java.util.LinkedHashMap;
import java.util.Map;

/// Where the sandbox's OpenID provider is, and how the console is its client.
public final class OpenIdProvider {

    /// The path of the issuer.
    public static final String PATH = "/sandbox/plinto";

    static final String USUAL = "http://127.0.0.1:8080" + PATH;

    static final String AUTHORIZE = "/oauth/authorize";
    static final String SIGN_IN = "/oauth/sign-in";
    static final String TOKEN = "/oauth/token";
    static final String USER_INFO = "/oauth/userinfo";
    static final String END_SESSION = "/oauth/end-session";
    static final String KEYS = "/jwks.json";
    static final String METADATA = "/.well-known/openid-configuration";

    /// Settings with which the console signs operators in here. They name the provider's paths, since the service reads
    /// its provider's metadata before it listens, and here it is its own provider.
    public static Map<String, String> settingsOfConsole(String issuer) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("quarkus.oidc.auth-server-url", issuer);
        settings.put("quarkus.oidc.client-id", Clients.CONSOLE);
        settings.put("quarkus.oidc.credentials.secret", Clients.SECRET);
        settings.put("quarkus.oidc.discovery-enabled", "false");
        settings.put("quarkus.oidc.authorization-path", AUTHORIZE);
        settings.put("quarkus.oidc.token-path", TOKEN);
        settings.put("quarkus.oidc.jwks-path", KEYS);
        settings.put("quarkus.oidc.jwks.resolve-early", "false");
        settings.put("quarkus.oidc.end-session-path", END_SESSION);
        settings.put("quarkus.oidc.token.issuer", issuer);
        return settings;
    }

    private OpenIdProvider() {}
}
