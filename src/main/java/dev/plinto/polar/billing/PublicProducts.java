package dev.plinto.polar.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plinto.polar.postgres.ReadModel;
import dev.plinto.polar.postgres.ReadModels;
import dev.plinto.polar.postgres.RequestQueries;
import dev.plinto.polar.postgres.StoredJson;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The products that anybody may see: visible, not archived, and without what is the merchant's own.
///
/// Anybody may ask, so no number of requests costs the database more than a query a second: those that come while one
/// runs, or within a second of it, share its result, also if it is a failure.
@ApplicationScoped
class PublicProducts {

    private static final String PRODUCTS = """
            SELECT id, name, description, recurring_interval, recurring_interval_count, trial_interval,
                   trial_interval_count, prices::text, metadata::text,
                   (SELECT json_agg(json_build_object('id', benefits.id, 'type', type,
                             'description', benefits.description, 'metadata', benefits.metadata) ORDER BY benefits.id)
                    FROM jsonb_array_elements_text(benefit_ids) AS granted (id) JOIN benefits USING (id)
                    WHERE benefits.said_at IS NOT NULL)::text AS benefits
            FROM products WHERE visibility = 'public' AND NOT is_archived
            ORDER BY created_at, id COLLATE "C" LIMIT $1
            """;

    /// A merchant has a handful; an answer of any size would be a load that anybody can cause.
    private static final int MOST = 500;
    private static final Duration SHARED_FOR = Duration.ofSeconds(1);
    private static final String FOR_ALL = "public_";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final RequestQueries database;
    private final ReadModels models;
    private final Uni<ProductList> shared;
    private volatile long readAt;

    PublicProducts(RequestQueries database, ReadModels models) {
        this.database = database;
        this.models = models;
        this.shared = Uni.createFrom().deferred(this::read).onTermination().invoke(() -> readAt = System.nanoTime())
                .memoize().until(() -> System.nanoTime() - readAt > SHARED_FOR.toNanos());
    }

    /// At most a second old, in the order in which the products were made. Fails with the problem
    /// `database-unavailable` (503) if the database does not answer, and `not-ready` (503) until all products are
    /// known.
    Uni<ProductList> list() {
        Context caller = Vertx.currentContext();
        return caller == null ? shared : shared.emitOn(MutinyHelper.executor(caller));
    }

    private Uni<ProductList> read() {
        return models.require(ReadModel.PRODUCTS).chain(() -> query());
    }

    private Uni<ProductList> query() {
        return database.query(PRODUCTS, Tuple.of(MOST + 1), PublicProducts::product).map(found -> {
            if (found.size() > MOST) {
                Log.warnf("More than %d products are public; the list of products ends there: archive some", MOST);
            }
            ObjectNode list = JSON.objectNode();
            list.putArray("items").addAll(found.subList(0, Math.min(found.size(), MOST)));
            return ProductList.of(list.toString());
        });
    }

    private static ObjectNode product(Row row) {
        ObjectNode product = JSON.objectNode()
                .put("product_id", row.getString("id"))
                .put("name", row.getString("name"))
                .put("description", row.getString("description"))
                .put("recurring_interval", row.getString("recurring_interval"))
                .put("recurring_interval_count", row.getLong("recurring_interval_count"))
                .put("trial_interval", row.getString("trial_interval"))
                .put("trial_interval_count", row.getLong("trial_interval_count"));
        product.set("prices", PublicPrice.list(read(row.getString("prices"))));
        product.set("benefits", benefits(read(row.getString("benefits"))));
        product.set("metadata", metadata(read(row.getString("metadata"))));
        return product;
    }

    private static JsonNode read(@Nullable String stored) {
        return stored == null ? JSON.nullNode() : StoredJson.read(stored);
    }

    private static ArrayNode benefits(JsonNode stored) {
        ArrayNode benefits = JSON.arrayNode();
        for (JsonNode benefit : stored) {
            JsonNode feature = benefit.path("metadata").path("feature");
            ObjectNode told = benefits.addObject();
            told.set("benefit_id", benefit.get("id"));
            told.set("type", benefit.get("type"));
            told.set("description", benefit.get("description"));
            told.put("feature", feature.isTextual() || feature.isNumber() ? feature.asText() : null);
        }
        return benefits;
    }

    /// Numbers as Polar wrote them.
    private static ObjectNode metadata(JsonNode stored) {
        ObjectNode metadata = JSON.objectNode();
        stored.properties().stream().filter(entry -> entry.getKey().startsWith(FOR_ALL))
                .forEach(entry -> metadata.set(entry.getKey(), entry.getValue()));
        return metadata;
    }
}
