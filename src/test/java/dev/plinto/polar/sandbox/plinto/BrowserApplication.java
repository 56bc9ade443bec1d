package dev.plinto.polar.sandbox.plinto;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// An application without a server of its own: one page, on another port of this machine, whose script signs the user
/// in (authorization code with PKCE) and shows what it is told of them.
final class BrowserApplication implements AutoCloseable {

    private static final String PAGE = """
            <!DOCTYPE html>
            <title>Application</title>
            <p id="user"></p>
            <script type="module">
            const provider = await (await fetch('ISSUER/.well-known/openid-configuration')).json();
            const answer = new URLSearchParams(location.search);
            const redirect_uri = location.origin + '/';
            const form = (fields) => new URLSearchParams({client_id: 'application', redirect_uri, ...fields});
            if (answer.has('code')) {
              const tokens = await (await fetch(provider.token_endpoint, {method: 'POST', body: form({
                grant_type: 'authorization_code', code: answer.get('code'),
                code_verifier: sessionStorage.getItem('verifier')})})).json();
              const user = await (await fetch(provider.userinfo_endpoint,
                {headers: {authorization: 'Bearer ' + tokens.access_token}})).json();
              document.getElementById('user').textContent = user.name + ' of ' + user.org_id;
            } else {
              const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
                .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
              const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
              sessionStorage.setItem('verifier', verifier);
              const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
              location.assign(provider.authorization_endpoint + '?' + form({response_type: 'code', scope: 'openid',
                code_challenge: base64url(challenge), code_challenge_method: 'S256'}));
            }
            </script>
            """;

    private final HttpServer server;

    BrowserApplication(String issuer) {
        byte[] page = PAGE.replace("ISSUER", issuer).getBytes(StandardCharsets.UTF_8);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("content-type", "text/html; charset=UTF-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
    }

    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
