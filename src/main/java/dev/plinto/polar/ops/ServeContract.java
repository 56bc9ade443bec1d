package dev.plinto.polar.ops;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Serves the contract's documents, byte for byte as they are in `api/`.
@Path("/q")
@Produces(ServeContract.YAML)
public class ServeContract {

    static final String YAML = "application/yaml";

    private final byte[] openapi = read("openapi.yaml");
    private final byte[] asyncapi = read("asyncapi.yaml");

    @GET
    @Path("openapi")
    public byte[] openapi() {
        return openapi;
    }

    @GET
    @Path("asyncapi")
    public byte[] asyncapi() {
        return asyncapi;
    }

    private static byte[] read(String name) {
        try (InputStream document = ServeContract.class.getResourceAsStream("/META-INF/api/" + name)) {
            return Objects.requireNonNull(document, name + " was not built in").readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
