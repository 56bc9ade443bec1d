package dev.plinto.polar.sandbox.plinto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlintoKeysTest {

    private static final Instant NOW = Instant.parse("2026-11-03T08:00:00Z");

    @TempDir
    private Path directory;

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private PlintoKeys keys;

    @BeforeEach
    void create() {
        StoredKeys.in(directory);
        keys = new PlintoKeys(directory, clock::get);
    }

    @Test
    void keyThatSignsNext_isPublishedBefore() {
        List<Object> published = ids();

        String next = keys.rotate();

        assertThat(published).hasSize(2).contains(next);
        assertThat(ids()).hasSize(3).containsAll(published);
    }

    @Test
    void oldKey_staysUntilItsTokensHaveExpired() {
        String old = keys.sign(Map.of("sub", "old"));
        List<Object> before = ids();
        keys.rotate();

        after(Tokens.LIFETIME);
        assertThat(keys.verified(old)).isPresent();
        assertThat(ids()).containsAll(before);

        after(KeySet.OLD_KEY_STAYS);
        assertThat(keys.verified(old)).isEmpty();
        assertThat(ids()).hasSize(2).doesNotContain(before.getFirst());
        assertThat(keys.verified(keys.sign(Map.of("sub", "new")))).isPresent();
    }

    @Test
    void everyRotation_keepsTheKeysBefore() {
        String first = keys.sign(Map.of("sub", "first"));
        keys.rotate();
        String second = keys.sign(Map.of("sub", "second"));
        keys.rotate();

        assertThat(List.of(first, second, keys.sign(Map.of("sub", "third"))))
                .allSatisfy(token -> assertThat(keys.verified(token)).isPresent());
    }

    @Test
    void oldKey_isDropped_withALaterRotation() {
        keys.rotate();
        after(KeySet.OLD_KEY_STAYS);
        keys.rotate();
        clock.set(NOW); // nothing that is kept is hidden by its end

        assertThat(ids()).hasSize(3);
    }

    @Test
    void keys_areTheSameAfterARestart() {
        String old = keys.sign(Map.of("sub", "old"));
        String signing = keys.rotate();
        List<Object> published = ids();

        keys = new PlintoKeys(directory, clock::get);

        assertThat(ids()).isEqualTo(published).element(0).isEqualTo(signing);
        assertThat(keys.verified(old)).isPresent();
        after(KeySet.OLD_KEY_STAYS);
        assertThat(keys.verified(old)).isEmpty();
    }

    private void after(Duration time) {
        clock.set(NOW.plus(time));
    }

    private List<Object> ids() {
        return keys.published().stream().map(key -> key.get("kid")).toList();
    }
}
