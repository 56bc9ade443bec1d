package dev.plinto.polar.sandbox.polar.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The simulated Polar's clock, on which its queues wait. It runs as fast as the machine's, faster, or not at all until
/// somebody [advances][#advance(Duration)] it; then it goes from one wake-up to the next, so that an hour of retries
/// takes no longer than the requests that are made in it. By hand, nothing happens but one after the other and while it
/// is advanced, so that everything happens in the same order each time.
public final class PolarClock implements InstantSource {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private final PriorityQueue<Sleeper> sleepers = new PriorityQueue<>(
            Comparator.comparing(Sleeper::until).thenComparingLong(Sleeper::number));
    private final InstantSource machine;
    private final double speed;
    private final Instant began;
    private Instant start;
    private long numbered;
    private int busy;

    private PolarClock(InstantSource machine, double speed, Instant start) {
        this.machine = machine;
        this.speed = speed;
        this.start = start;
        began = machine.instant();
    }

    public static PolarClock real(InstantSource machine) {
        return fast(machine, 1);
    }

    /// Begins with the machine's time, and runs `speed` times as fast.
    public static PolarClock fast(InstantSource machine, double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("time goes forward");
        }
        return new PolarClock(machine, speed, machine.instant());
    }

    /// Stands still but for [#advance(Duration)].
    public static PolarClock byHand(Instant start) {
        return new PolarClock(InstantSource.fixed(Instant.EPOCH), 0, start);
    }

    @Override
    public Instant instant() {
        lock.lock();
        try {
            long passed = Duration.between(began, machine.instant()).toNanos();
            return start.plusNanos((long) (passed * speed));
        } finally {
            lock.unlock();
        }
    }

    /// Lets this time pass at once. Everybody who waits for a moment in it is woken at that moment, the next one only
    /// when the one before waits again or has ended.
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

    /// Whoever calls this is busy until it sleeps, or calls [#end()].
    ///
    /// @return a number to sleep by: of several who wait for the same moment, the one who began first is woken first
    long begin() {
        lock.lock();
        try {
            busy++;
            return numbered++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            busy--;
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits, and is not [busy][#begin()] meanwhile.
    void sleep(long number, Duration duration) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Sleeper me = new Sleeper(instant().plus(duration), number, lock.newCondition());
            sleepers.add(me);
            end();
            try {
                while (sleepers.contains(me) && (speed == 0 || instant().isBefore(me.until))) {
                    await(me);
                }
            } finally {
                if (sleepers.remove(me)) {
                    busy++;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void await(Sleeper me) throws InterruptedException {
        if (speed == 0) {
            me.woken.await();
        } else {
            long nanos = Duration.between(instant(), me.until).toNanos();
            me.woken.awaitNanos((long) (nanos / speed) + 1);
        }
    }

    /// It is busy from now on, not only from when its thread gets to run.
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
