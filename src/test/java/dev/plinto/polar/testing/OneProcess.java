package dev.plinto.polar.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Work that only one of the JVMs that run the tests may do at a time, such as installing npm packages.
public final class OneProcess {

    /// What is done; it may fail as files and processes do.
    public interface Work<T> {
        T get() throws IOException, InterruptedException;
    }

    /// Waits while another process, or another thread of this one, does work of that name.
    ///
    /// @param name of the lock's file in `target`
    public static synchronized <T> T at(String name, Work<T> work) throws IOException, InterruptedException {
        Files.createDirectories(Path.of("target"));
        try (FileChannel file = FileChannel.open(Path.of("target", name + ".lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE); var lock = file.lock()) {
            assert lock.isValid();
            return work.get();
        }
    }

    private OneProcess() {}
}
