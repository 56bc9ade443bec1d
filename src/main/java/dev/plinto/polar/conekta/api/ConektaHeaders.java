package dev.plinto.polar.conekta.api;

import dev.plinto.polar.conekta.ConektaConfig;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.eclipse.microprofile.rest.client.ext.ClientHeadersFactory;

/// Authenticates each request. Messages of errors are wanted in English: Conekta's are in Spanish otherwise.
record ConektaHeaders(ConektaConfig config) implements ClientHeadersFactory {

    @Override
    public MultivaluedMap<String, String> update(MultivaluedMap<String, String> incoming,
            MultivaluedMap<String, String> outgoing) {
        MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
        headers.putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + config.privateKey().map(String::strip).orElse(""));
        headers.putSingle(HttpHeaders.ACCEPT_LANGUAGE, "en");
        headers.putSingle(HttpHeaders.USER_AGENT, "plinto-polar");
        return headers;
    }

    /// Without the key.
    @Override
    public String toString() {
        return "ConektaHeaders";
    }
}
