package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A request that brings no answer fails with what really happened.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class NoAnswerTest {

    private static final String STORE_PASSWORD = "only-for-tests";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://polar.invalid  | DNS does not know polar.invalid
            https://polar.invalid | DNS does not know polar.invalid
            http://127.0.0.1:1    | there is no connection to 127.0.0.1
            https://127.0.0.1:1   | there is no connection to 127.0.0.1
            """)
    void serverThatCannotBeReached_isNamed(String url, String said) {
        assertThatThrownBy(polar(url)::endpoints).isInstanceOf(PolarFailure.class)
                .hasMessageContaining("cannot be reached").hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"})
    void connectionThatEndsEarly_isNamed(String answer) throws IOException {
        try (ServerSocket server = answering(answer)) {
            assertThatThrownBy(polar(url("http", server))::endpoints).isInstanceOf(PolarFailure.class)
                    .hasMessageContaining("closed before the whole answer to list_endpoints had arrived");
        }
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void answerThatCannotBeRead_isNamed(String answer) throws IOException {
        try (ServerSocket server = answering(answer)) {
            assertThatThrownBy(polar(url("http", server))::endpoints).isInstanceOf(PolarFailure.class)
                    .hasMessageContaining("The answer to list_endpoints is not as Polar documents it");
        }
    }

    static Stream<String> unreadable() {
        String ok = "HTTP/1.1 200 OK\r\ndate: Sun, 29 Nov 2026 10:00:00 GMT\r\n";
        return Stream.concat(
                Stream.of("nonsense\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 -1 x\r\n\r\n",
                        "HTTP/1.1 0 x\r\ncontent-length: 2\r\n\r\n{}", "HTTP/1.1 101 x\r\n\r\n",
                        ok + "content-length: x\r\n\r\n{}", ok + "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n",
                        ok + "content-type: zzz\r\ncontent-length: 2\r\n\r\n{}",
                        ok + "content-type: \0\r\ncontent-length: 2\r\n\r\n{}",
                        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"), // without a date
                Stream.of("", "no json", "[]", "{}", "{\"items\":1}", "{\"items\":[]}",
                        "{\"items\":[],\"pagination\":{\"max_page\":99999999999}}")
                        .map(body -> ok + "content-length: " + body.length() + "\r\n\r\n" + body));
    }

    @Test
    void serverWithoutTls_isNamed() throws IOException {
        try (ServerSocket server = answering("SSH-2.0-OpenSSH_9.6\r\n")) {
            assertThatThrownBy(polar(url("https", server))::endpoints).isInstanceOf(PolarFailure.class)
                    .hasMessageContaining("the TLS handshake with 127.0.0.1 fails");
        }
    }

    @Test
    void certificateThatIsNotTrusted_isNamed(@TempDir Path directory) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory)));
        server.start();
        try {
            assertThatThrownBy(polar("https://localhost:" + server.getAddress().getPort())::endpoints)
                    .isInstanceOf(PolarFailure.class)
                    .hasMessageContaining("the TLS handshake with localhost fails");
        } finally {
            server.stop(0);
        }
    }

    /// It is logged with its stack trace, and not taken for an outage.
    @Test
    void faultOfThisService_isNoFailureOfPolars() {
        PolarConfig config = ScriptedPolar.config("false", "http://127.0.0.1:1", "200ms");
        PolarCalls calls = ScriptedPolar.calls(config);
        List<PolarCalls.Call> faulty = List.of(
                api -> Uni.createFrom().failure(new NullPointerException("a bug")),
                api -> Uni.createFrom().failure(new IllegalArgumentException("a bug")),
                api -> {
                    throw new NullPointerException("a bug");
                });

        assertThat(faulty).allSatisfy(call -> assertThat(
                catchThrowable(() -> calls.call(Purpose.Upkeep.RECONCILIATION, Operation.LIST_ENDPOINTS, call,
                        answer -> answer)))
                .isNotInstanceOf(PolarFailure.class)
                .satisfies(failure -> assertThat(root(failure)).hasMessage("a bug")
                        .has(stackTraceOfTheBug())));
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    private static Condition<Throwable> stackTraceOfTheBug() {
        return new Condition<>(bug -> Stream.of(bug.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(NoAnswerTest.class.getName())), "its stack trace");
    }

    /// Here the fault is in the middle of the client.
    @Test
    void faultWhileTheRequestIsMade_isNoFailureOfPolars() throws IOException {
        try (ServerSocket server = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")) {
            PolarConfig config = ScriptedPolar.config("false", url("http", server), "200ms");

            assertThat(catchThrowable(() -> new Polar(ScriptedPolar.calls(new Broken(config))).endpoints()))
                    .isNotInstanceOf(PolarFailure.class).hasStackTraceContaining("a bug");
        }
    }

    private record Broken(PolarConfig config) implements PolarConfig {

        @Override
        public Optional<String> accessToken() {
            throw new IllegalStateException("a bug");
        }

        @Override
        public boolean sandbox() {
            return config.sandbox();
        }

        @Override
        public Optional<String> organizationId() {
            return config.organizationId();
        }

        @Override
        public Webhook webhook() {
            return config.webhook();
        }

        @Override
        public Api api() {
            return config.api();
        }
    }

    /// With more time than a first handshake takes.
    private static Polar polar(String url) {
        return new Polar(ScriptedPolar.calls(ScriptedPolar.config("false", url, "10s")));
    }

    private static String url(String scheme, ServerSocket server) {
        return scheme + "://127.0.0.1:" + server.getLocalPort();
    }

    /// Gives each connection this answer to its first bytes, then closes it.
    private static ServerSocket answering(String answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    InputStream in = client.getInputStream();
                    in.read(new byte[8192]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    client.shutdownOutput();
                    in.readAllBytes(); // closing with unread bytes would be a reset
                } catch (IOException closed) {
                    throw new UncheckedIOException(closed);
                }
            }
        });
        return server;
    }

    private static SSLContext selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("polar.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "polar", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
                "san=dns:localhost", "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass",
                STORE_PASSWORD).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
