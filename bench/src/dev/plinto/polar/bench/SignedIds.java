package dev.plinto.polar.bench;

import dev.plinto.polar.testing.SignedDelivery;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/// Webhook ids with signatures of one body, by the key scheme that all receivers support; made before the load begins,
/// at no cost for the generator.
final class SignedIds {

    static final String SECRET = "polar_whs_a-secret-that-nobody-guesses";

    static Set<String> write(Path file, int count, String prefix, byte[] body) throws IOException {
        Instant now = Clock.systemUTC().instant();
        Set<String> ids = new HashSet<>(count * 2);
        try (Writer lines = Files.newBufferedWriter(file)) {
            for (int i = 0; i < count; i++) {
                String id = prefix + "-" + i;
                ids.add(id);
                SignedDelivery delivery = SignedDelivery.of(id, body, now, SECRET.getBytes(StandardCharsets.UTF_8));
                lines.write(id + " " + delivery.header("webhook-timestamp") + " "
                        + delivery.header("webhook-signature") + "\n");
            }
        }
        return ids;
    }

    private SignedIds() {}
}
