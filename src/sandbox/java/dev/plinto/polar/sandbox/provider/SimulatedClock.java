package dev.plinto.polar.sandbox.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A simulated provider's clock, on which its queues wait. It runs as fast as the machine's, faster, or only when a
/// test [advances][#advance(Duration)] it. A manual clock jumps from one wake-up to the next, so that an hour of
/// retries takes only as long as its requests; it runs one task at a time, in the same order each time.
public final class SimulatedClock implements InstantSource {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final PriorityQueue<Sleeper> sleepers = new PriorityQueue<>(
            Comparator.comparing(Sleeper::until).thenComparingLong(Sleeper::number));
    private final InstantSource machine;
    private final double speed;
    private final Instant machineStart;
    private Instant start;
    private long nextNumber;
    private int busy;

    private SimulatedClock(InstantSource machine, double speed, Instant start) {
        this.machine = machine;
        this.speed = speed;
        this.start = start;
        machineStart = machine.instant();
    }

    /// Starts at the machine's time, and runs `speed` times as fast.
    public static SimulatedClock fast(InstantSource machine, double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be positive");
        }
        return new SimulatedClock(machine, speed, machine.instant());
    }

    /// Stands still except in [#advance(Duration)].
    public static SimulatedClock manual(Instant start) {
        return new SimulatedClock(InstantSource.fixed(Instant.EPOCH), 0, start);
    }

    @Override
    public Instant instant() {
        lock.lock();
        try {
            long passed = Duration.between(machineStart, machine.instant()).toNanos();
            return start.plusNanos((long) (passed * speed));
        } finally {
            lock.unlock();
        }
    }

    /// Advances by this time at once. Each sleeper that is due in it is woken at its moment, the next one only when the
    /// one before sleeps again or has ended.
    public void advance(Duration duration) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Instant target = instant().plus(duration);
            awaitQuiet();
            for (Sleeper next = sleepers.peek(); next != null && !next.until.isAfter(target); next = sleepers.peek()) {
                moveTo(next.until);
                wake(next);
                awaitQuiet();
            }
            moveTo(target);
        } finally {
            lock.unlock();
        }
    }

    /// Marks the caller as busy until it sleeps or calls [#end()].
    ///
    /// @return a number for [#sleep]: of several sleepers of the same moment, the one that began first is woken first
    public long begin() {
        lock.lock();
        try {
            busy++;
            return nextNumber++;
        } finally {
            lock.unlock();
        }
    }

    public void end() {
        lock.lock();
        try {
            busy--;
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits, and is not [busy][#begin()] during that time.
    public void sleep(long number, Duration duration) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Sleeper sleeper = new Sleeper(instant().plus(duration), number, lock.newCondition());
            sleepers.add(sleeper);
            end();
            try {
                while (sleepers.contains(sleeper) && (speed == 0 || instant().isBefore(sleeper.until))) {
                    await(sleeper);
                }
            } finally {
                if (sleepers.remove(sleeper)) {
                    busy++;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its caller is the loop
    private void await(Sleeper sleeper) throws InterruptedException {
        if (speed == 0) {
            sleeper.woken.await();
        } else {
            long nanos = Duration.between(instant(), sleeper.until).toNanos();
            sleeper.woken.awaitNanos((long) (nanos / speed) + 1);
        }
    }

    /// Busy from now on, not only from when its thread is scheduled.
    private void wake(Sleeper sleeper) {
        sleepers.remove(sleeper);
        busy++;
        sleeper.woken.signal();
    }

    private void awaitQuiet() throws InterruptedException {
        while (busy > 0) {
            quiet.await();
        }
    }

    private void moveTo(Instant moment) {
        Duration ahead = Duration.between(instant(), moment);
        if (ahead.isPositive()) {
            start = start.plus(ahead);
        }
    }

    private record Sleeper(Instant until, long number, Condition woken) {}
}
