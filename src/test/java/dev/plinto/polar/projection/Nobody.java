package dev.plinto.polar.projection;

import dev.plinto.polar.Erased;
import io.vertx.core.Future;

/// For batches that a test projects itself.
final class Nobody {

    static final Erased ERASED = (connection, customers, organizations, purchases) -> Future
            .succeededFuture(Erased.Ids.NONE);

    private Nobody() {}
}
