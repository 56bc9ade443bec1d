package dev.plinto.polar.sandbox.process;

import java.time.Instant;
import java.util.Optional;

/// A process, identified by pid and start time (0: unknown), since a pid is reused.
record ProcessIdentity(long pid, long startedAt) {

    static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(process.pid(), startedAt(process));
    }

    /// Reads what [#toString()] wrote.
    static ProcessIdentity parse(String text) {
        String[] parts = text.strip().split("@");
        return new ProcessIdentity(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    Optional<ProcessHandle> alive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startedAt == 0 || startedAt == startedAt(process));
    }

    private static long startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    @Override
    public String toString() {
        return pid + "@" + startedAt;
    }
}
