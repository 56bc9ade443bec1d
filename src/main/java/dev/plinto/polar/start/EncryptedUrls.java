package dev.plinto.polar.start;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The URLs from which the service fetches what it trusts. Without TLS, anyone on the network's path could replace it,
/// so `http://` is accepted only for this machine.
final class EncryptedUrls {

    /// Each property, and what clear text would allow.
    static final Map<String, String> CONSEQUENCES = new TreeMap<>(Map.of(
            "plinto.jwks.url", "whoever changes the keys on their way can make tokens that are accepted",
            "conekta.api.url", "whoever is on the way reads the private key, and can change the answers",
            "polar.api.url", "whoever is on the way reads the access token, and can change the answers",
            "quarkus.oidc.auth-server-url", "whoever changes the keys on their way can sign in as an operator"));

    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]",
            Pattern.CASE_INSENSITIVE);

    /// One line for each that is refused. A URL that is not set is not checked. The lines name scheme and host only: a
    /// URL can contain a password.
    static List<String> problems(UnaryOperator<@Nullable String> configured) {
        return CONSEQUENCES.keySet().stream()
                .flatMap(property -> Stream.ofNullable(configured.apply(property))
                        .map(String::strip).filter(url -> !url.isEmpty())
                        .flatMap(url -> problem(property, url)))
                .toList();
    }

    private static Stream<String> problem(String property, String text) {
        String name = RequiredSettings.environmentName(property);
        try {
            URI url = new URI(text);
            if (url.getHost() == null || url.getScheme() == null) {
                return Stream.of(name + " is not a URL with https:// and a host");
            }
            return isTrusted(url)
                    ? Stream.empty()
                    : Stream.of(name + " must begin with https:// (with http:// only for this machine), but is "
                            + url.getScheme() + "://" + url.getHost() + ": " + CONSEQUENCES.get(property));
        } catch (URISyntaxException malformed) {
            return Stream.of(name + " is not a URL: " + malformed.getReason());
        }
    }

    private static boolean isTrusted(URI url) {
        return url.getScheme().equalsIgnoreCase("https")
                || url.getScheme().equalsIgnoreCase("http") && THIS_MACHINE.matcher(url.getHost()).matches();
    }

    private EncryptedUrls() {}
}
