package dev.plinto.polar.sandbox.plinto;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/// The provider's keys. The next one is public before it signs, so that services that keep the keys for a while know it
/// by then; an old one stays until all tokens that it signed have expired.
///
/// @param old each with its end, `exp`, and without its private half
record KeySet(RsaJsonWebKey signing, RsaJsonWebKey next, List<RsaJsonWebKey> old) {

    /// Some minutes longer than a token: clocks differ.
    static final Duration OLD_KEY_STAYS = Tokens.LIFETIME.plusMinutes(10);

    private static final int BITS = 2048;
    private static final String END = "exp"; // as in OpenID Federation

    static KeySet generated() {
        return new KeySet(key(), key(), List.of());
    }

    KeySet rotated(Instant now) {
        RsaJsonWebKey retired = publicHalf(signing);
        retired.setOtherParameter(END, now.plus(OLD_KEY_STAYS).getEpochSecond());
        List<RsaJsonWebKey> stillOld = new ArrayList<>(old.stream().filter(key -> isPublic(key, now)).toList());
        stillOld.add(retired);
        return new KeySet(next, key(), List.copyOf(stillOld));
    }

    /// Those with which tokens may be verified.
    List<RsaJsonWebKey> current(Instant now) {
        return Stream.concat(Stream.of(signing, next), old.stream().filter(key -> isPublic(key, now))).toList();
    }

    private static boolean isPublic(RsaJsonWebKey key, Instant now) {
        return now.getEpochSecond() < key.getOtherParameterValue(END, Number.class).longValue();
    }

    /// To be kept: with the private halves.
    String toJson() {
        List<Map<String, Object>> keys = Stream.concat(Stream.of(signing, next), old.stream())
                .map(key -> key.toParams(OutputControlLevel.INCLUDE_PRIVATE)).toList();
        return JsonUtil.toJson(Map.of("keys", keys));
    }

    /// Throws if the text is not what [#toJson()] wrote.
    static KeySet ofJson(String json) throws JoseException {
        List<RsaJsonWebKey> keys = new JsonWebKeySet(json).getJsonWebKeys().stream().map(RsaJsonWebKey.class::cast)
                .toList();
        if (keys.size() < 2 || keys.stream().limit(2).anyMatch(key -> key.getRsaPrivateKey() == null)
                || keys.stream().skip(2).anyMatch(key -> key.getOtherParameterValue(END, Number.class) == null)) {
            throw new JoseException("The set has no key that signs, no next one, or an old one without its end");
        }
        return new KeySet(keys.get(0), keys.get(1), keys.subList(2, keys.size()));
    }

    private static RsaJsonWebKey publicHalf(RsaJsonWebKey key) {
        try {
            return (RsaJsonWebKey) JsonWebKey.Factory.newJwk(key.toParams(OutputControlLevel.PUBLIC_ONLY));
        } catch (JoseException e) {
            throw new IllegalStateException("a key of this set is a key", e);
        }
    }

    private static RsaJsonWebKey key() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(BITS);
            key.setKeyId("sandbox-" + key.calculateBase64urlEncodedThumbprint("SHA-256").substring(0, 8));
            key.setUse("sig");
            key.setAlgorithm("RS256");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException("RSA is part of every Java platform", e);
        }
    }
}
