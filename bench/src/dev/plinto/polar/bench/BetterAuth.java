package dev.plinto.polar.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import dev.plinto.polar.sandbox.process.FreePort;
import dev.plinto.polar.testing.OwnStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// better-auth with Polar's plugin (`bench/peers/better-auth`) in a process of its own, with a database of its own in
/// the same PostgreSQL.
record BetterAuth(Process process, String url) implements AutoCloseable {

    static final String STATE = "/api/auth/customer/state";

    /// @param cookie of the session
    record User(String email, String cookie) {}

    static BetterAuth start(OwnStack stack, Provider provider) {
        int port = FreePort.any();
        stack.database().execute("CREATE DATABASE better_auth");
        String database = stack.postgres().reactiveUrl().replaceFirst("//", "//%s:%s@".formatted(EmbeddedPostgres.USER,
                EmbeddedPostgres.PASSWORD)).replaceFirst("/[^/]*$", "/better_auth");
        try {
            Process process = new ProcessBuilder("node",
                    Path.of("bench", "peers", "better-auth", "server.mjs").toString(), Integer.toString(port),
                    provider.addressWithoutVersion(), Provider.TOKEN, database)
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            if (!"ready".equals(line)) {
                throw new IllegalStateException("better-auth does not start: " + line);
            }
            Thread.ofVirtual().start(() -> output.lines().forEach(System.out::println));
            return new BetterAuth(process, "http://127.0.0.1:" + port);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Each becomes a customer at Polar, too.
    List<User> signUp(int users) {
        return IntStream.range(0, users).mapToObj(i -> signUp("buyer-" + i + "@better-auth.example")).toList();
    }

    private User signUp(String email) {
        HttpResponse<String> answer = JsonHttp.send(JsonHttp.post(url + "/api/auth/sign-up/email",
                Map.of("name", "A Buyer", "email", email, "password", "a-password"), "origin", url));
        String cookie = answer.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
        return new User(email, cookie);
    }

    HttpRequest checkout(User user, String product) {
        return JsonHttp.post(url + "/api/auth/checkout", Map.of("products", List.of(product), "redirect", false),
                "origin", url, "cookie", user.cookie);
    }

    /// Pays a checkout whose address it answered.
    void buy(User user, Provider provider) {
        String page = JsonHttp.answer(checkout(user, provider.product())).path("url").asText();
        provider.pay(page.replaceFirst(".*/", ""), user.email);
    }

    JsonNode state(User user) {
        return JsonHttp.answer(JsonHttp.request(url + STATE).header("cookie", user.cookie)
                .build());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
