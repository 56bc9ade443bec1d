package dev.plinto.polar.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.plinto.polar.testing.OwnThreads;
import dev.plinto.polar.testing.SandboxStack;
import dev.plinto.polar.testing.TokenIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.UnresolvableKeyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The issuer changes its keys, and strangers send tokens of keys that it does not have.
@QuarkusTest
@QuarkusTestResource(SandboxStack.class)
@TestProfile(RotatingIssuer.class)
class IssuerKeysTest {

    private static final HttpClient HTTP = OwnThreads.httpClient();
    private static final Duration SECONDS = RotatingIssuer.PAUSE.multipliedBy(3);

    @TestHTTPResource("/api/v1/polar/entitlements?organization_id=org-1")
    URI call;

    @ConfigProperty(name = "plinto.jwks.url")
    URI keys;

    @Inject
    TokenConfig config;

    @Inject
    Vertx vertx;

    private TokenIssuer issuer;

    @BeforeEach
    void publishFirstKey() {
        issuer = new TokenIssuer(keys.getPort());
        awaitAccepted(issuer::service);
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void newKey_isAcceptedWithinSeconds_alsoAfterATokenOfAnUnknownKey() {
        assertThat(status(TokenIssuer.foreign("second"))).isEqualTo(401);

        issuer.addKey("second");

        awaitAccepted(issuer::service);
    }

    /// Some issuers keep the key's id, or do not name it.
    @Test
    void newKeyOfAKnownId_isAcceptedWithinSeconds() {
        issuer.replaceKeys("test");
        awaitAccepted(issuer::service);

        issuer.replaceKeys("test");
        awaitAccepted(issuer::serviceWithoutKeyId);
    }

    @Test
    void tokenWithoutKeyId_isAccepted_whicheverKeySignedIt() {
        issuer.addKey("second");

        awaitAccepted(issuer::serviceWithoutKeyId);
    }

    @Test
    void withdrawnKey_isRefused_onceTheKeysWereRead() {
        String old = issuer.service();
        issuer.replaceKeys("second");
        awaitAccepted(issuer::service);

        assertThat(status(old)).isEqualTo(401);
    }

    /// No token came meanwhile, so nothing read the keys ahead.
    @Test
    void withdrawnKey_isNotAcceptedAfterAPause() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        IssuerKeys own = new IssuerKeys(config, vertx, now::get);
        JsonWebSignature old = new JsonWebSignature();
        old.setCompactSerialization(issuer.service());
        own.fresh().await().atMost(SECONDS);
        assertThat(own.resolveKey(old, List.of())).isNotNull();
        issuer.replaceKeys("second");

        now.updateAndGet(then -> then.plus(Duration.ofMinutes(11)));
        own.fresh().await().atMost(SECONDS);

        assertThatThrownBy(() -> own.resolveKey(old, List.of())).isInstanceOf(UnresolvableKeyException.class);
    }

    @Test
    void keys_areKeptForADay_whileTheIssuerDoesNotAnswer() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        IssuerKeys own = new IssuerKeys(config, vertx, now::get);
        JsonWebSignature token = new JsonWebSignature();
        token.setCompactSerialization(issuer.service());
        own.fresh().await().atMost(SECONDS);
        issuer.close();

        now.updateAndGet(then -> then.plus(Duration.ofHours(23)));
        own.fresh().await().atMost(SECONDS);
        assertThat(own.resolveKey(token, List.of())).isNotNull();

        now.updateAndGet(then -> then.plus(Duration.ofHours(2)));
        assertThatThrownBy(() -> own.resolveKey(token, List.of())).isInstanceOf(UnresolvableKeyException.class);
    }

    @Test
    void manyUnknownKeys_causeFewReads_whileGoodTokensGoOn() {
        String foreign = TokenIssuer.foreign("unknown");
        int before = issuer.reads();
        long began = System.nanoTime();
        Semaphore free = new Semaphore(200);
        List<CompletableFuture<HttpResponse<Void>>> refused = new ArrayList<>();

        for (int i = 0; i < 3_000; i++) {
            free.acquireUninterruptibly();
            refused.add(send(withKeyId(foreign, UUID.randomUUID())).whenComplete((answer, failure) -> free.release()));
            if (i % 100 == 0) {
                assertThat(status(issuer.service())).isEqualTo(200);
            }
        }

        assertThat(refused).allMatch(answer -> answer.join().statusCode() == 401);
        long pauses = Duration.ofNanos(System.nanoTime() - began).dividedBy(RotatingIssuer.PAUSE);
        assertThat(issuer.reads() - before).isLessThanOrEqualTo((int) pauses + 1);
    }

    @Test
    void silentIssuer_delaysNoTokenOfAKnownKey() {
        String unknown = TokenIssuer.foreign("unknown"); // to sign many would take longer than a read may
        String known = issuer.service();
        issuer.suspend();
        int before = issuer.reads();
        List<CompletableFuture<HttpResponse<Void>>> waiting = new ArrayList<>();
        await().atMost(SECONDS).until(() -> {
            waiting.add(send(unknown));
            return issuer.reads() > before;
        });
        for (int i = 0; i < 200; i++) {
            waiting.add(send(unknown));
        }

        assertThat(status(known)).isEqualTo(200);
        assertThat(waiting).anyMatch(answer -> !answer.isDone());

        issuer.resume();
        assertThat(waiting).allMatch(answer -> answer.join().statusCode() == 401);
    }

    /// The content and the signature stay: nobody makes a thousand signatures a second to attack.
    private static String withKeyId(String token, UUID keyId) {
        String header = Base64.getUrlEncoder().withoutPadding().encodeToString(
                ("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + keyId + "\"}").getBytes(StandardCharsets.UTF_8));
        return header + token.substring(token.indexOf('.'));
    }

    private void awaitAccepted(Supplier<String> token) {
        await().atMost(SECONDS).until(() -> status(token.get()) == 200);
    }

    private int status(String token) {
        return send(token).join().statusCode();
    }

    private CompletableFuture<HttpResponse<Void>> send(String token) {
        return HTTP.sendAsync(HttpRequest.newBuilder(call).header("authorization", "Bearer " + token).build(),
                BodyHandlers.discarding());
    }
}
