package dev.plinto.polar.polar.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinto.polar.polar.PolarObject;
import dev.plinto.polar.polar.api.FailureReason.FieldError;
import dev.plinto.polar.sandbox.polar.SimulatedPolar;
import dev.plinto.polar.sandbox.polar.rest.PolarServer;
import dev.plinto.polar.sandbox.provider.ApiFault;
import dev.plinto.polar.sandbox.provider.Faults;
import dev.plinto.polar.testing.SandboxStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each failure of a call has its name.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
class FailureReasonTest {

    private static final String TOKEN_OF_ANOTHER = "polar_oat_another";

    private final ScriptedPolar scripted = new ScriptedPolar();
    private final PolarServer simulated = PolarServer.start(new SimulatedPolar(InstantSource.system(), new Random(3)));

    @AfterEach
    void stop() {
        scripted.close();
        simulated.close();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultOfPolar_isNamed(ApiFault fault, FailureReason reason) {
        simulated.faults().next("", Faults.ALWAYS, fault);

        assertThat(reason(polar(PolarServer.ACCESS_TOKEN, "500ms")::endpoints)).isEqualTo(reason);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(new ApiFault.Slow(Duration.ofSeconds(20)), FailureReason.Unanswered.TIMED_OUT),
                Arguments.of(new ApiFault.Cut(), FailureReason.Unanswered.CUT),
                Arguments.of(new ApiFault.CutInTheMiddle(), FailureReason.Unanswered.CUT),
                Arguments.of(new ApiFault.Broken(502), new FailureReason.ServerFault(502)),
                Arguments.of(new ApiFault.TooManyRequests(Duration.ZERO),
                        new FailureReason.RateLimited(Duration.ZERO)));
    }

    @Test
    void tokenThatPolarDoesNotKnow_isNamed() {
        assertThat(reason(polar(TOKEN_OF_ANOTHER, "10s")::endpoints)).isEqualTo(new FailureReason.TokenNotAccepted());
    }

    @Test
    void versionThatPolarRemoved_isNamed() {
        simulated.retire("2026-10");

        assertThat(reason(polar(PolarServer.ACCESS_TOKEN, "10s")::endpoints))
                .isEqualTo(new FailureReason.VersionGone());
    }

    /// The kernel drops what does not fit into the queue of connections that nobody has accepted.
    @Test
    void connectionThatNobodyAccepts_isNamed() throws IOException {
        List<SocketChannel> queued = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 4; i++) {
                SocketChannel client = SocketChannel.open();
                queued.add(client);
                client.configureBlocking(false);
                client.connect(server.getLocalSocketAddress());
            }
            PolarFailure failure = failure(new Polar(ScriptedPolar.calls(ScriptedPolar.config("false",
                    "http://127.0.0.1:" + server.getLocalPort(), "10s")))::endpoints);

            assertThat(failure.reason()).isEqualTo(FailureReason.Unreachable.CONNECT_TIMEOUT);
            assertThat(failure).hasMessageContaining("127.0.0.1 accepted no connection within 2000 ms");
        } finally {
            for (SocketChannel client : queued) {
                client.close();
            }
        }
    }

    @Test
    void connectionThatIsReset_mayHaveReachedPolar() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> resetAfterTheRequest(server));
            Polar polar = ScriptedPolar.polar("http://127.0.0.1:" + server.getLocalPort());

            assertThat(reason(polar::endpoints)).isEqualTo(FailureReason.Unanswered.CUT);
        }
    }

    private static void resetAfterTheRequest(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getInputStream().read();
            client.setSoLinger(true, 0);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"pagination":{"max_page":0}}                             | items
            {"items":[],"pagination":{}}                              | pagination.max_page
            {"items":[],"pagination":{"max_page":"1"}}                | pagination.max_page
            {"items":[],"pagination":{"max_page":99999999999}}        | pagination.max_page
            {"items":[{"url":"u"}],"pagination":{"max_page":1}}       | items[].id
            {"items":[{"id":7}],"pagination":{"max_page":1}}          | items[].id
            {"items":[{"id":"e"}],"pagination":{"max_page":1}}        | items[].events
            {"items":["x"],"pagination":{"max_page":1}}               | items[]
            """)
    void fieldThatIsMissing_orOfAnotherType_isNamed(String body, String field) {
        scripted.answers(200, Map.of(), body);

        assertThat(reason(scripted.polar("", "false")::endpoints)).isInstanceOfSatisfying(
                FailureReason.UnusableField.class, unusable -> assertThat(unusable.path()).isEqualTo(field));
    }

    @Test
    void fieldsAndValuesThatAreUnknown_areNoFailure() throws Exception {
        scripted.answers(200, Map.of(), """
                {"items": [{"id": "e", "format": "carrier-pigeon", "events": ["order.teleported"], "new": [{}]}],
                 "pagination": {"max_page": 1, "next": null}, "more": 1}""");

        assertThat(scripted.polar("", "false").endpoints().answer()).singleElement()
                .satisfies(endpoint -> assertThat(endpoint.events()).containsExactly("order.teleported"));
    }

    @Test
    void refusal_hasPolarsName_andWhatIsWrongWithEachField_ofWhichOnlyTheNamesAreLogged() {
        scripted.answers(422, Map.of(), """
                {"error": "PolarRequestValidationError", "detail": [
                  {"type": "value_error", "loc": ["body", "products", 0], "msg": "Not for jo@example.com",
                   "input": "x"},
                  {"type": "missing", "loc": ["query", "secret value"], "msg": "Field required"},
                  "?"]}""");

        PolarFailure failure = failure(() -> scripted.polar("", "false").objects(PolarObject.Kind.GRANT, 1));

        assertThat(failure.reason()).isEqualTo(new FailureReason.Refused(422, "PolarRequestValidationError",
                List.of(new FieldError("products.0", "Not for jo@example.com"),
                        new FieldError("query.?", "Field required"), new FieldError("", ""))));
        assertThat(failure).hasMessageContaining("status 422 PolarRequestValidationError for products.0, query.?")
                .message().doesNotContain("jo@example.com", "secret");
        assertThat(failure.reason().toString()).doesNotContain("jo@example.com");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | {"error":"insufficient_scope"} | MissingScope[]
            403 | {"error":"NotPermitted"}       | Refused[status=403, error=NotPermitted, fields=[]]
            404 | {"error":"ResourceNotFound"}   | Refused[status=404, error=ResourceNotFound, fields=[]]
            409 | {"error":"jo@example.com"}     | Refused[status=409, error=, fields=[]]
            413 |                                | Refused[status=413, error=, fields=[]]
            307 |                                | Redirected[status=307]
            504 | <html>                         | ServerFault[status=504]
            """)
    void status_isNamed(int status, String body, String reason) {
        scripted.answers(status, Map.of(), body == null ? "" : body);

        assertThat(reason(scripted.polar("", "false")::endpoints)).hasToString(reason);
    }

    @Test
    void answerOfTheOtherEnvironment_isNamed() {
        scripted.answersEmptyPage();

        assertThat(reason(scripted.polar("", "true")::endpoints)).isEqualTo(new FailureReason.OtherEnvironment());
    }

    private Polar polar(String token, String timeout) {
        return new Polar(ScriptedPolar.calls(ScriptedPolar.config(token, "false", simulated.apiUrl().toString(),
                timeout)));
    }

    private static FailureReason reason(ThrowingCallable call) {
        return failure(call).reason();
    }

    private static PolarFailure failure(ThrowingCallable call) {
        return catchThrowableOfType(PolarFailure.class, call);
    }
}
