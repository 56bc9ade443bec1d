package dev.plinto.polar.sandbox.plinto;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/// Addresses of programs on this machine. Codes, and answers to scripts, go to no others.
final class Loopback {

    /// Origins, for Vert.x' handler of CORS.
    static final String ORIGINS = "https?://(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]{1,5})?";

    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /// Empty unless the text is an absolute URL of a loopback host, without user and fragment.
    static Optional<URI> address(String text) {
        try {
            URI uri = new URI(text);
            boolean isLoopback = uri.getScheme() != null && SCHEMES.contains(uri.getScheme())
                    && uri.getHost() != null && HOSTS.contains(uri.getHost())
                    && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            return Optional.of(uri).filter(address -> isLoopback);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private Loopback() {}
}
