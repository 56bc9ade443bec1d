package dev.plinto.polar.billing;

import dev.plinto.polar.entitlement.Provider;
import dev.plinto.polar.postgres.RequestQueries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Keeps what operators decide about who sells.
@ApplicationScoped
public class RolloutStore {

    /// Nothing is changed if another change came first.
    private static final String REPLACE = """
            WITH replaced AS (
              UPDATE rollout SET fallback = $2, version = version + 1 WHERE version = $1 RETURNING version
            ), given AS (
              SELECT organization, provider FROM unnest($3::text[], $4::text[]) AS given (organization, provider)
            ), removed AS (
              DELETE FROM provider_overrides
              WHERE EXISTS (SELECT FROM replaced) AND organization NOT IN (SELECT organization FROM given)
            ), added AS (
              INSERT INTO provider_overrides (organization, provider)
              SELECT organization, provider FROM given WHERE EXISTS (SELECT FROM replaced)
              ON CONFLICT (organization) DO UPDATE SET provider = excluded.provider
            )
            SELECT version FROM replaced
            """;

    private final RequestQueries queries;

    RolloutStore(RequestQueries queries) {
        this.queries = queries;
    }

    /// @param version grows with each change
    public record Stored(long version, Rollout rollout) {}

    public Uni<Stored> current() {
        return queries.query("""
                SELECT version, fallback,
                       ARRAY(SELECT organization FROM provider_overrides ORDER BY organization),
                       ARRAY(SELECT provider FROM provider_overrides ORDER BY organization)
                FROM rollout
                """, Tuple.tuple(), RolloutStore::stored).map(rows -> rows.getFirst());
    }

    /// @param version of what is replaced
    /// @return whether it was: not if it has another version by now
    public Uni<Boolean> replace(long version, Rollout rollout) {
        Map<String, String> overrides = rollout.document().overrides();
        return queries.change(REPLACE, Tuple.of(version, rollout.document().fallback(),
                overrides.keySet().toArray(String[]::new), overrides.values().toArray(String[]::new)),
                row -> row.getLong(0)).map(changed -> !changed.isEmpty());
    }

    private static Stored stored(Row row) {
        String[] organizations = row.getArrayOfStrings(2);
        String[] providers = row.getArrayOfStrings(3);
        Map<String, Provider> overrides = new TreeMap<>();
        for (int i = 0; i < organizations.length; i++) {
            overrides.put(organizations[i], provider(providers[i]));
        }
        return new Stored(row.getLong(0),
                new Rollout(Optional.ofNullable(row.getString(1)).map(RolloutStore::provider), overrides));
    }

    private static Provider provider(String stored) {
        return Provider.named(stored).orElseThrow();
    }
}
