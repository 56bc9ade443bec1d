package dev.plinto.polar.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The processor time that a process has used in all its threads, from Linux.
final class ProcessorTime {

    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
    private static final int USER = 11; // counted from the state, which follows the name
    private static final int SYSTEM = 12;

    static double seconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) / TICKS_PER_SECOND;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ProcessorTime() {}
}
