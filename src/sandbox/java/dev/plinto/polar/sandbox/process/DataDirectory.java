package dev.plinto.polar.sandbox.process;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;

/// The directory in which a sandbox keeps its data, and its lock.
public final class DataDirectory {

    /// `.sandbox` in the project's base directory, wherever the JVM was started.
    public static Path ofProject() {
        CodeSource source = DataDirectory.class.getProtectionDomain().getCodeSource();
        if (source != null && source.getLocation().getPath().endsWith("/target/classes/")) {
            return Path.of(URI.create(source.getLocation().toString())).resolve("../../.sandbox").normalize();
        }
        return Path.of(".sandbox").toAbsolutePath();
    }

    /// The lock is held until this JVM ends. Two sandboxes on one directory would stop each other's servers.
    public static FileLock lock(Path directory) {
        // The pid is in a file of its own: closing any other handle on a locked file would give up the lock (POSIX).
        Path pid = directory.resolve("pid");
        try {
            Files.createDirectories(directory);
            FileLock lock = tryLock(directory.resolve("lock"));
            if (lock == null) {
                throw new SandboxFailure("The sandbox on %s is already running, as process %s: use that one, or stop it"
                        .formatted(directory, Files.readString(pid).strip()) + " first.");
            }
            Files.writeString(pid, Long.toString(ProcessHandle.current().pid()));
            return lock;
        } catch (IOException failure) {
            throw new SandboxFailure("The sandbox's data directory " + directory + " is not writable: "
                    + failure.getMessage(), failure);
        }
    }

    private static FileLock tryLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisJvm) {
            return null;
        }
    }

    private DataDirectory() {}
}
