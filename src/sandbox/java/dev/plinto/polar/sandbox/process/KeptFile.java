package dev.plinto.polar.sandbox.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// A file in the sandbox's directory that is replaced atomically: readers find the old or the new content, never a
/// part.
public record KeptFile(Path path) {

    public Optional<byte[]> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    }

    public void write(byte[] content) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        // A temporary file is readable by its owner only and keeps that when it is moved; one of these files is a key.
        Path draft = Files.createTempFile(directory, path.getFileName().toString(), ".draft");
        try {
            Files.write(draft, content);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
