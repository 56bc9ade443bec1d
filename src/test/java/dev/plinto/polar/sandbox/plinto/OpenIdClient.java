package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.testing.ConsoleClient;
import dev.plinto.polar.testing.Operator;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// An application and the browser of its user: they sign in at the sandbox's provider.
final class OpenIdClient {

    static final String REDIRECT_URI = "http://127.0.0.1:3000/signed-in?from=plinto";
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // of RFC 7636
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final String PROVIDER = "/sandbox/plinto";
    private static final ObjectMapper JSON = new ObjectMapper();

    final ConsoleClient browser;

    OpenIdClient(URI service) {
        browser = new ConsoleClient(service);
    }

    /// A complete request, with other or further parameters in pairs. A null parameter is left out.
    static Map<String, String> request(String... others) {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of("client_id", "demo", "redirect_uri", REDIRECT_URI,
                "response_type", "code", "scope", "openid email", "state", "{a} b&c", "nonce", "n-1",
                "code_challenge", CHALLENGE, "code_challenge_method", "S256"));
        return with(parameters, others);
    }

    HttpResponse<String> authorize(Map<String, String> request) {
        return browser.get(PROVIDER + "/oauth/authorize?" + request.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + Operator.encoded(parameter.getValue()))
                .collect(Collectors.joining("&")));
    }

    /// Sends the form of the provider's page, with other or further fields in pairs.
    HttpResponse<String> signIn(String person, String organization, Map<String, String> request, String... others) {
        Map<String, String> fields = with(new LinkedHashMap<>(request), "person", person, "organization_id",
                organization);
        return browser.post(PROVIDER + "/oauth/sign-in", with(fields, others));
    }

    /// A fresh code.
    String code(String person, String organization) {
        return answer(signIn(person, organization, request())).get("code");
    }

    /// The tokens of a person who signs in.
    JsonNode tokens(String person, String organization) {
        return json(exchange(code(person, organization)));
    }

    HttpResponse<String> exchange(String code, String... others) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "authorization_code", "code", code,
                "redirect_uri", REDIRECT_URI, "client_id", "demo", "code_verifier", VERIFIER));
        return browser.post(PROVIDER + "/oauth/token", with(form, others));
    }

    HttpResponse<String> refresh(JsonNode tokens, String... others) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "client_id", "demo",
                "refresh_token", tokens.path("refresh_token").textValue()));
        return browser.post(PROVIDER + "/oauth/token", with(form, others));
    }

    /// What the provider tells the application by its redirect.
    static Map<String, String> answer(HttpResponse<String> redirect) {
        assertThat(redirect.statusCode()).as(redirect.body()).isEqualTo(303);
        URI location = URI.create(redirect.headers().firstValue("location").orElseThrow());
        assertThat(location.toString()).startsWith(REDIRECT_URI + "&");
        return Arrays.stream(location.getRawQuery().split("&")).map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0],
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    static JsonNode json(HttpResponse<String> answer) {
        return tree(answer.body());
    }

    /// A refusal by RFC 6749.
    static void assertError(HttpResponse<String> answer, int status, String error) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").textValue()).isEqualTo(error);
        assertThat(json(answer).path("error_description").textValue()).isNotBlank();
    }

    /// Of a token whose signature is not of interest.
    static JsonNode claims(String token) {
        return part(token, 1);
    }

    /// The id of the key that signed the token.
    static String keyOf(String token) {
        return part(token, 0).path("kid").textValue();
    }

    private static JsonNode part(String token, int index) {
        return tree(new String(Base64.getUrlDecoder().decode(token.split("\\.")[index]), StandardCharsets.UTF_8));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException failure) {
            throw new AssertionError(json, failure);
        }
    }

    private static Map<String, String> with(Map<String, String> parameters, String... others) {
        for (int i = 0; i < others.length; i += 2) {
            if (others[i + 1] == null) {
                parameters.remove(others[i]);
            } else {
                parameters.put(others[i], others[i + 1]);
            }
        }
        return parameters;
    }
}
