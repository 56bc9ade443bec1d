package dev.plinto.polar.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plinto.polar.sandbox.process.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A real Chromium, driven by W3C WebDriver calls to its chromedriver. It counts clicks.
public final class Browser implements AutoCloseable {

    public static final String TAB = "\uE004";
    public static final String ENTER = "\uE007";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf"; // by the standard
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = OwnThreads.httpClient();
    private final Process driver;
    private final URI session;
    private int clicks;

    private Browser(Process driver, int port, String chromium) {
        this.driver = driver;
        URI base = URI.create("http://127.0.0.1:" + port + "/session/");
        await().atMost(PATIENCE).ignoreExceptions().until(() -> http.sendAsync(
                HttpRequest.newBuilder(base.resolve("/status")).build(), BodyHandlers.discarding()).join() != null);
        String id = send("POST", URI.create("http://127.0.0.1:" + port + "/session"), Map.of("capabilities",
                Map.of("alwaysMatch", Map.of("browserName", "chrome",
                        "timeouts", Map.of("implicit", 5_000), // a requested page may still be loading
                        "goog:loggingPrefs", Map.of("browser", "ALL"),
                        "goog:chromeOptions", Map.of("binary", chromium, "args", List.of("--headless=new",
                                "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,900"))))))
                .get("sessionId").textValue();
        session = base.resolve(id + "/");
    }

    /// Skips the test with a message without `-Pfull`, or if this machine has no Chromium.
    public static Browser open() {
        if (!Size.FULL) {
            skip("tests in a browser run with -Pfull only.");
        }
        Optional<String> chromium = find("chromium", "chromium-browser", "google-chrome");
        Optional<String> chromedriver = find("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            skip("chromium and chromedriver are not on the path. "
                    + "On Debian: apt-get install chromium chromium-driver.");
        }
        int port = FreePort.any();
        try {
            Process driver = new ProcessBuilder(chromedriver.orElseThrow(), "--port=" + port)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            Runtime.getRuntime().addShutdownHook(new Thread(driver::destroyForcibly));
            return new Browser(driver, port, chromium.orElseThrow());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void skip(String cause) {
        String message = "SKIPPED: the console is not tested in a browser: " + cause;
        System.out.println(message);
        Assumptions.abort(message);
    }

    private static Optional<String> find(String... names) {
        return Stream.of(names).flatMap(name -> Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable).map(Path::toString).findFirst();
    }

    public void go(URI page) {
        post("url", Map.of("url", page.toString()));
    }

    /// Emulates this width, and the user's preference for light or dark.
    public void emulate(int width, boolean dark) {
        chrome("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        chrome("Emulation.setEmulatedMedia", Map.of("features",
                List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    public void click(String css) {
        clicks++;
        post("element/" + element(css) + "/click", Map.of());
    }

    public int clicks() {
        return clicks;
    }

    public void type(String css, String text) {
        post("element/" + element(css) + "/value", Map.of("text", text));
    }

    /// Presses a key on the focused element.
    public void press(String key) {
        post("actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", List.of(
                Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key))))));
    }

    public String text(String css) {
        return send("GET", session.resolve("element/" + element(css) + "/text"), null).textValue();
    }

    public String address() {
        return send("GET", session.resolve("url"), null).textValue();
    }

    /// The focused element, by its accessible name or text.
    public String focused() {
        return script("const e = document.activeElement; return e.getAttribute('aria-label') || e.textContent.trim();")
                .asText();
    }

    public JsonNode script(String script) {
        return post("execute/sync", Map.of("script", script, "args", List.of()));
    }

    /// The script passes its result to the function that is its last argument.
    public JsonNode asyncScript(String script) {
        return post("execute/async", Map.of("script", script, "args", List.of()));
    }

    /// What the browser logged since the last call: refusals and errors.
    public List<String> loggedErrors() {
        List<String> loggedErrors = new ArrayList<>();
        post("se/log", Map.of("type", "browser")).forEach(line -> loggedErrors.add(line.path("message").asText()));
        return loggedErrors;
    }

    private void chrome(String command, Map<String, Object> parameters) {
        post("goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private String element(String css) {
        return post("element", Map.of("using", "css selector", "value", css)).get(ELEMENT).textValue();
    }

    private JsonNode post(String command, Map<String, Object> body) {
        return send("POST", session.resolve(command), body);
    }

    private JsonNode send(String method, URI command, Map<String, Object> body) {
        try {
            HttpResponse<String> answer = http.sendAsync(HttpRequest.newBuilder(command).method(method, body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .timeout(PATIENCE).build(), BodyHandlers.ofString()).join();
            JsonNode value = JSON.readTree(answer.body()).get("value");
            if (answer.statusCode() != 200) {
                throw new AssertionError(command + ": " + value.path("message").asText());
            }
            return value;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", URI.create(session.toString().replaceFirst("/$", "")), null);
        } finally {
            driver.destroy();
        }
    }
}
