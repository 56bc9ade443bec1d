package dev.plinto.polar.billing;

import dev.plinto.polar.NoTokenNeeded;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/// What is for sale, for a pricing page: anybody may read it, and caches may keep it for a minute.
@Path("/api/v1/polar/products")
@Produces(MediaType.APPLICATION_JSON)
@NoTokenNeeded
public class ReadProducts {

    private static final String KEEP_FOR_A_MINUTE = "public, max-age=60";

    private final PublicProducts products;

    ReadProducts(PublicProducts products) {
        this.products = products;
    }

    @GET
    public Uni<Response> list(@HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> known) {
        return products.list().map(list -> (list.isAmong(known)
                ? Response.notModified()
                : Response.ok(list.json()))
                .header(HttpHeaders.ETAG, list.tag())
                .header(HttpHeaders.CACHE_CONTROL, KEEP_FOR_A_MINUTE)
                .build());
    }
}
