package dev.plinto.polar;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/// Whose data is not to be kept any more, since it was erased. Who is about to store a body or a personal value asks,
/// in the transaction that stores it and after its locks, so that an erasure that begins meanwhile waits for it.
public interface Erased {

    /// Those of the ids that were erased. The statement is sent at once, on this connection.
    ///
    /// @param purchases subscriptions and orders, of which what is stored tells whose they are
    Future<Ids> among(SqlConnection connection, Collection<String> customers, Collection<String> organizations,
            Collection<String> purchases);

    /// Erased ids.
    ///
    /// @param customers of which nothing personal is kept, whenever it is said
    /// @param until     of organizations and purchases: nothing personal is kept of what was said of them until that
    ///                  time of Polar's clock
    record Ids(Set<String> customers, Map<String, Instant> until) {

        public static final Ids NONE = new Ids(Set.of(), Map.of());

        public Ids {
            customers = Set.copyOf(customers);
            until = Map.copyOf(until);
        }

        /// Whether nothing personal is kept of what was said of the organization, or the purchase, at that moment.
        public boolean includes(String id, Instant moment) {
            Instant end = until.get(id);
            return end != null && !end.isBefore(moment);
        }

        public boolean isEmpty() {
            return customers.isEmpty() && until.isEmpty();
        }
    }
}
