package dev.plinto.polar.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.plinto.polar.postgres.StoredJson;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// What an organization may use at present, for calls that answer it beside something else. Reads at the same time
/// share statements.
@ApplicationScoped
public class CurrentAccess {

    private final AccessQueries queries;

    CurrentAccess(AccessQueries queries) {
        this.queries = queries;
    }

    /// @param version      of the newest published message; 0 if there is none
    /// @param entitlements its `entitlements`
    public record CurrentSet(long version, JsonNode entitlements) {}

    /// Empty for an organization that was never seen. Fails with the problem `database-unavailable`.
    public Uni<CurrentSet> of(String organizationId) {
        return queries.entitlements(organizationId).map(StoredJson::read)
                .map(set -> new CurrentSet(set.path("version").asLong(), set.path("entitlements")));
    }
}
