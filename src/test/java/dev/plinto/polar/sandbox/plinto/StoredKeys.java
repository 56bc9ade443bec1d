package dev.plinto.polar.sandbox.plinto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keys that a sandbox made before. Each new one takes a second.
final class StoredKeys {

    private static final String KEYS = KeySet.generated().toJson();

    static void in(Path directory) {
        try {
            Files.writeString(directory.resolve("plinto-keys.json"), KEYS);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private StoredKeys() {}
}
