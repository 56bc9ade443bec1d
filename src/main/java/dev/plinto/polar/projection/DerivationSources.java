package dev.plinto.polar.projection;

import static dev.plinto.polar.projection.LedgerTables.BENEFITS;
import static dev.plinto.polar.projection.LedgerTables.PRODUCTS;

import dev.plinto.polar.entitlement.Benefit;
import dev.plinto.polar.entitlement.Facts;
import dev.plinto.polar.entitlement.Id;
import dev.plinto.polar.entitlement.Ledger;
import dev.plinto.polar.entitlement.Product;
import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.entitlement.Reference;
import dev.plinto.polar.entitlement.Scope;
import dev.plinto.polar.entitlement.TrackedObject;
import dev.plinto.polar.projection.FactsTable.Selected;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The products and benefits of which grants are derived. Whoever derives grants and whoever changes a source wait for
/// each other's commit: so either the grants are derived of the changed source, or the change finds the purchase and
/// makes it due work. The locks are advisory, since a source need not have a row yet.
record DerivationSources(OpenTransaction transaction, Ledger ledger) {

    /// A source was changed by another transaction after this one had read it. The retried batch reads it again.
    static final class Outdated extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// After the locks of rows that are no references, and before those of references.
    ///
    /// @return throws [Outdated]; runs once the locks are held
    Runnable lock() {
        Map<String, Boolean> isChanged = new TreeMap<>();
        derivedFrom().forEach(id -> isChanged.put(id.value(), false));
        List<String> read = List.copyOf(isChanged.keySet());
        ledger.changed().stream().filter(object -> object instanceof Product || object instanceof Benefit)
                .forEach(object -> isChanged.put(object.id().value(), true));
        if (isChanged.isEmpty()) {
            return () -> {};
        }
        transaction.send("""
                SELECT count(CASE WHEN is_changed THEN pg_advisory_xact_lock(key)::text
                                  ELSE pg_advisory_xact_lock_shared(key)::text END)
                FROM (
                  SELECT hashtextextended('plinto-polar derives from ' || id, 0) AS key,
                         bool_or(is_changed) AS is_changed
                  FROM unnest($1::text[], $2::boolean[]) AS source (id, is_changed) GROUP BY 1 ORDER BY 1
                ) AS sources
                """, Tuple.tuple().addArrayOfString(isChanged.keySet().toArray(String[]::new))
                .addArrayOfBoolean(isChanged.values().toArray(Boolean[]::new)));
        if (read.isEmpty()) {
            return () -> {};
        }
        String[] ids = read.stream().filter(id -> Boolean.FALSE.equals(isChanged.get(id))).toArray(String[]::new);
        Selected<Product> products = PRODUCTS.select(transaction, "id = ANY ($1)", ids);
        Selected<Benefit> benefits = BENEFITS.select(transaction, "id = ANY ($1)", ids);
        return () -> {
            products.rows().forEach(stored -> requireAsRead(stored.object()));
            benefits.rows().forEach(stored -> requireAsRead(stored.object()));
        };
    }

    /// @param stored as the lock shows it
    void requireAsRead(Reference stored) {
        TrackedObject read = ledger.find(stored.id()).orElseGet(() -> stored.with(Facts.NONE));
        if (!stored.decidesAs((Reference) read)) {
            throw new Outdated();
        }
    }

    /// What was bought from providers that tell no grants.
    static Stream<Scope> scopes(Ledger ledger) {
        return ledger.all().stream().flatMap(object -> object instanceof Scope scope
                && !Provider.of(scope.id()).tellsGrants() ? Stream.of(scope) : Stream.empty());
    }

    private Set<Id> derivedFrom() {
        return scopes(ledger).flatMap(scope -> scope.product().stream())
                .flatMap(product -> Stream.concat(Stream.of(product), ledger.find(product).stream()
                        .flatMap(known -> known instanceof Product found ? found.benefits().stream() : Stream.empty())))
                .collect(Collectors.toSet());
    }
}
