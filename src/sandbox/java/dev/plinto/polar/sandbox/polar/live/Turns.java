package dev.plinto.polar.sandbox.polar.live;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Who plays and delivers: triggers of one organization one after the other, those of several at the same time, and a
/// move of the clock alone, since it concerns all of them.
@Singleton
class Turns {

    private final ReadWriteLock clock = new ReentrantReadWriteLock(true);
    private final Map<String, Lock> organizations = new ConcurrentHashMap<>();

    <T> T of(String organization, Work<T> work) throws InterruptedException {
        Lock own = organizations.computeIfAbsent(organization, id -> new ReentrantLock(true));
        return during(clock.readLock(), () -> during(own, work));
    }

    <T> T ofTheClock(Work<T> work) throws InterruptedException {
        return during(clock.writeLock(), work);
    }

    private static <T> T during(Lock turn, Work<T> work) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    interface Work<T> {

        T run() throws InterruptedException;
    }
}
