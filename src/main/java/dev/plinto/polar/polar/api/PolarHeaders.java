package dev.plinto.polar.polar.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.eclipse.microprofile.rest.client.ext.ClientHeadersFactory;

/// Authenticates each request, and names the API version that this service is made for.
record PolarHeaders(PolarConfig config) implements ClientHeadersFactory {

    @Override
    public MultivaluedMap<String, String> update(MultivaluedMap<String, String> incoming,
            MultivaluedMap<String, String> outgoing) {
        MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
        headers.putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + config.accessToken().map(String::strip).orElse(""));
        headers.putSingle("Polar-Version", config.api().version().toString());
        headers.putSingle(HttpHeaders.USER_AGENT, "plinto-polar");
        return headers;
    }
}
