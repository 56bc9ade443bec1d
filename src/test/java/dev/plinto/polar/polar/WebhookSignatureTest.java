package dev.plinto.polar.polar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinto.polar.Verdict;
import dev.plinto.polar.polar.WebhookSignature.Scheme;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The expected signatures were computed by Python's `hmac`, not by this code.
class WebhookSignatureTest {

    private static final String ID = "evt_7Q2c9d1e-4a55-4f0e-8d11-5b0a9be3c001";
    private static final String TIMESTAMP = "1795500000";
    private static final Instant SIGNED_AT = Instant.ofEpochSecond(1_795_500_000);
    private static final byte[] BODY = utf8("{\"type\":\"order.paid\",\"data\":{\"name\":\"Ñandú — ¥\"}}");

    private static final String SECRET = "whsec_b3VyIG93biBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=";
    private static final String SIGNATURE = "v1,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=";
    private static final String WRONG = "v1,eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=";
    private static final String LISTENER = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private static final String SIGNED_BY_LISTENER = "v1,12rMB7PsbD9PcwFlSzW5rHUEaAX0gtEa4bkR+PStdag=";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STANDARD | whsec_b3VyIG93biBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE= | KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=
            STANDARD | b3VyIG93biBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=       | KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=
            LEGACY   | whsec_b3VyIG93biBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE= | 1KGGpZvMtBGZyw+JdVAPzPoGMhqyAnlpTTnvDVhrC+c=
            LEGACY   | whsec_Zk3nQ8vT1xYp5LwR7dJ2mB9cH4gF6sA0eUiOoKjNbVu  | 8ugpS8HV5C73F4bSGcifmjWpbwayFhKBbHZ1y8VpSKM=
            LEGACY   | polar_whs_q7Xh2Lm9Tz4Rb1Nc8Vd5Kf3Gp6Sj0Wy         | NlkrvqpiOmC5GUfgze5kCCIBfz/Ykm+XF4LntSmwEes=
            LEGACY   | Käse, pan y café: 100 % secreto                    | dgVTu80XAZOaS2G3G+z/9Nqkb2UfqAkhAd1R+BzhZk4=
            LEGACY   | 0f1e2d3c4b5a69788796a5b4c3d2e1f0                   | 12rMB7PsbD9PcwFlSzW5rHUEaAX0gtEa4bkR+PStdag=
            """)
    void eachOfPolarsKeySchemes_isTried(Scheme scheme, String secret, String signature) {
        assertThat(verify(secret, "v1," + signature)).isEqualTo(new Verdict.Valid(ID, scheme.wireName()));
    }

    /// Published with the Standard Webhooks libraries.
    @Test
    void referenceVector_isValid() {
        Verdict verdict = new WebhookSignature(List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).verify(
                "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                utf8("{\"test\": 2432232314}"), Instant.ofEpochSecond(1_614_265_330));

        assertThat(verdict).isEqualTo(new Verdict.Valid("msg_p5jXN8AQM9LWM0D4loKWxJek", "standard"));
    }

    @Test
    void oneRightSignatureAmongSeveral_isEnough() {
        assertThat(verify(SECRET, "v1a,AAAA " + WRONG + " " + SIGNATURE)).isInstanceOf(Verdict.Valid.class);
        assertThat(verify(SECRET, SIGNATURE + " " + WRONG)).isInstanceOf(Verdict.Valid.class);
        assertThat(verify(SECRET, "v1,%%% " + SIGNATURE)).isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void anyAcceptedSecret_isEnough() {
        List<String> rotating = List.of(SECRET, LISTENER);

        assertThat(verify(rotating, SIGNATURE)).isEqualTo(new Verdict.Valid(ID, "standard"));
        assertThat(verify(rotating, SIGNED_BY_LISTENER)).isEqualTo(new Verdict.Valid(ID, "legacy"));
        assertThat(verify(rotating, WRONG)).isEqualTo(new Verdict.Bad());
    }

    @Test
    void signatureWithAnotherSecret_isBad() {
        assertThat(verify(SECRET, SIGNED_BY_LISTENER)).isEqualTo(new Verdict.Bad());
        assertThat(verify(LISTENER, SIGNATURE)).isEqualTo(new Verdict.Bad());
    }

    @Test
    void noSecretAtAll_isRefused() {
        assertThatThrownBy(() -> new WebhookSignature(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void atMostFiveMinutesApart_isInTime(long seconds) {
        assertThat(verifyAt(SIGNED_AT.plusSeconds(seconds))).isInstanceOf(Verdict.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1_795_500_000, -301, 301, 86_400})
    void moreThanFiveMinutesApart_isStale(long seconds) {
        assertThat(verifyAt(SIGNED_AT.plusSeconds(seconds))).isEqualTo(new Verdict.Stale(Duration.ofSeconds(seconds)));
    }

    /// The header has whole seconds, the clock has fractions.
    @Test
    void justOverFiveMinutesApart_isStale() {
        assertThat(verifyAt(SIGNED_AT.plusSeconds(300).plusMillis(1))).isInstanceOf(Verdict.Stale.class);
        assertThat(verifyAt(SIGNED_AT.minusSeconds(300).minusMillis(1))).isInstanceOf(Verdict.Stale.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1795500000", "+1795500000", " 1795500000", "1795500000 ", "1795 500000",
            "1795500000.0", "1795500000000", "0x6b05", "1.8e9", "now", "2026-11-24T06:00:00Z",
            "١٧٩٥٥٠٠٠٠٠", "1795500000\n"})
    void timestampThatIsNoUnixSecond_isMalformed(String timestamp) {
        assertThat(verifier().verify(ID, timestamp, SIGNATURE, BODY, SIGNED_AT)).isInstanceOf(Verdict.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "evt\t1", "evt\n1", "evt\u0000", "evt\u007f", "é", "évt_1", "\ud83d\ude00"})
    void idThatIsNotPrintableAscii_isMalformed(String id) {
        assertThat(verifier().verify(id, TIMESTAMP, SIGNATURE, BODY, SIGNED_AT)).isInstanceOf(Verdict.Malformed.class);
    }

    @Test
    void id_hasAtMost256Characters() {
        assertThat(verifier().verify("i".repeat(256), TIMESTAMP, SIGNATURE, BODY, SIGNED_AT))
                .isEqualTo(new Verdict.Bad());
        assertThat(verifier().verify("i".repeat(257), TIMESTAMP, SIGNATURE, BODY, SIGNED_AT))
                .isInstanceOf(Verdict.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "v1", "v1,", "v1, ", "v1,=", "v1,%%%",
            "KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=",
            "v1KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=", "v1a,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=",
            "v2,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=", "V1,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=",
            "v1=KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=", "v1,KHn3UpgNN_SgV3nkjmiOByqjppnNEaBGQ_rZQlZl4IQ=",
            "v1,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=,v1", "v1,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQ=="})
    void signatureOfAnotherForm_isMalformed(String header) {
        assertThat(verify(SECRET, header)).isInstanceOf(Verdict.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1,AA==", "v1,KHn3", "v1,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4A==",
            "v1,KHn3UpgNN/SgV3nkjmiOByqjppnNEaBGQ/rZQlZl4IQA"})
    void signatureCutOrPadded_isBad(String header) {
        assertThat(verify(SECRET, header)).isEqualTo(new Verdict.Bad());
    }

    @Test
    void oneBitChanged_isBad() {
        for (int bit = 0; bit < BODY.length * 8; bit++) {
            byte[] changed = BODY.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(verifier().verify(ID, TIMESTAMP, SIGNATURE, changed, SIGNED_AT)).isEqualTo(new Verdict.Bad());
        }
        assertThat(verifier().verify("f" + ID.substring(1), TIMESTAMP, SIGNATURE, BODY, SIGNED_AT))
                .isEqualTo(new Verdict.Bad());
        assertThat(verifier().verify(ID, "1795500001", SIGNATURE, BODY, SIGNED_AT)).isEqualTo(new Verdict.Bad());
        assertThat(verifier().verify(ID, "01795500000", SIGNATURE, BODY, SIGNED_AT)).isEqualTo(new Verdict.Bad());
    }

    private static Verdict verify(String secret, String signatures) {
        return verify(List.of(secret), signatures);
    }

    private static Verdict verify(List<String> secrets, String signatures) {
        return new WebhookSignature(secrets).verify(ID, TIMESTAMP, signatures, BODY, SIGNED_AT);
    }

    private static Verdict verifyAt(Instant now) {
        return verifier().verify(ID, TIMESTAMP, SIGNATURE, BODY, now);
    }

    private static WebhookSignature verifier() {
        return new WebhookSignature(List.of(SECRET));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
