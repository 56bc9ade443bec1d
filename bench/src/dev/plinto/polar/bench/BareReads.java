package dev.plinto.polar.bench;

import dev.plinto.polar.testing.Database;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// The limit of any reader of those rows: the bare reactive client, with as many concurrent reads as there are
/// connections, on a pool as large as the service's.
final class BareReads implements AutoCloseable {

    private static final int POOL = 20;

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;

    BareReads(Database database) {
        this.pool = Pools.to(database, POOL, vertx);
    }

    double perSecond(List<String> accounts, Duration time) throws InterruptedException {
        Semaphore atOnce = new Semaphore(Wrk.CONNECTIONS);
        AtomicLong read = new AtomicLong();
        long began = System.nanoTime();
        for (int i = 0; System.nanoTime() - began < time.toNanos(); i++) {
            atOnce.acquire();
            pool.preparedQuery("SELECT published::text FROM accounts WHERE account = $1 AND published IS NOT NULL")
                    .execute(Tuple.of(accounts.get(i % accounts.size())))
                    .onComplete(rows -> {
                        if (rows.succeeded() && rows.result().iterator().next().getString(0) != null) {
                            read.incrementAndGet();
                        }
                        atOnce.release();
                    });
        }
        atOnce.acquire(Wrk.CONNECTIONS);
        return read.get() / ((System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() {
        pool.close();
        vertx.close();
    }
}
