package dev.plinto.polar.conekta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// The setting with the public keys of Conekta's webhooks: RSA keys of at least 2048 bits, as PEMs or files with PEMs,
/// separated by commas.
///
/// @param keys     several during a rotation
/// @param problems one line for each item that cannot be read. Nothing of the item is in it: it may be a secret that
///                 was set by mistake
record WebhookKeys(List<RSAPublicKey> keys, List<String> problems) {

    private static final int FEWEST_BITS = 2048;
    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern PEM = Pattern.compile(BEGIN + "([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String KIND = "PUBLIC KEY";

    static WebhookKeys read(String setting) {
        List<String> items = Arrays.stream(setting.split(",")).map(String::strip).filter(item -> !item.isEmpty())
                .toList();
        List<RSAPublicKey> keys = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            try {
                keys.addAll(keysOf(items.get(i)));
            } catch (UnusableKey unusable) {
                problems.add((items.size() == 1 ? "" : "(number " + (i + 1) + ") ") + unusable.getMessage());
            }
        }
        if (items.isEmpty()) {
            problems.add("contains only separators, no key");
        }
        return new WebhookKeys(keys, problems);
    }

    private static List<RSAPublicKey> keysOf(String item) throws UnusableKey {
        // An environment variable may have line breaks as two characters.
        String text = (item.startsWith(BEGIN) ? item : contents(item)).replace("\\n", "\n");
        List<String> bodies = new ArrayList<>();
        for (var pem = PEM.matcher(text).results().iterator(); pem.hasNext();) {
            var found = pem.next();
            if (!found.group(1).equals(KIND)) {
                throw new UnusableKey("has a PEM that is no " + KIND + ": use the public_key of the webhook key at "
                        + "Conekta");
            }
            bodies.add(found.group(2));
        }
        if (bodies.isEmpty() || PEM.matcher(text).replaceAll("").contains(BEGIN)) {
            throw new UnusableKey("is no PEM of a public key, from " + BEGIN + KIND + "----- to its END line");
        }
        List<RSAPublicKey> keys = new ArrayList<>();
        for (String body : bodies) {
            keys.add(key(body));
        }
        return keys;
    }

    private static String contents(String file) throws UnusableKey {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException unreadable) {
            throw new UnusableKey("is neither a PEM nor a file that can be read");
        }
    }

    private static RSAPublicKey key(String base64) throws UnusableKey {
        try {
            byte[] encoded = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
            var key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
            int bits = key.getModulus().bitLength();
            if (bits < FEWEST_BITS) {
                throw new UnusableKey("is an RSA key of " + bits + " bits, which can be broken: at least " + FEWEST_BITS
                        + " are needed");
            }
            return key;
        } catch (IllegalArgumentException | InvalidKeySpecException unreadable) {
            throw new UnusableKey("has a PEM that is not an RSA key");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has RSA", missing);
        }
    }

    private static final class UnusableKey extends Exception {

        private static final long serialVersionUID = 1L;

        UnusableKey(String why) {
            super(why);
        }
    }
}
