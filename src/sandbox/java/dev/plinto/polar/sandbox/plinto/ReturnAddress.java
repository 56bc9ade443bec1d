package dev.plinto.polar.sandbox.plinto;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Where the answer to a request goes, by way of the browser.
///
/// @param state sent back as it was
record ReturnAddress(URI uri, Optional<String> state) {

    /// Throws if the address is none of this machine: the failure must not be sent there.
    static ReturnAddress of(Parameters parameters) {
        parameters.required("client_id");
        return new ReturnAddress(loopback("redirect_uri", parameters.required("redirect_uri")),
                parameters.one("state"));
    }

    static URI loopback(String parameter, String address) {
        return Loopback.address(address).orElseThrow(() -> OAuthFailure.invalidRequest(parameter
                + " must be an address on this machine, such as http://127.0.0.1:3000/signed-in, without a fragment."));
    }

    Response send(OAuthFailure failure, String issuer) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", failure.error());
        answer.put("error_description", failure.description());
        return send(answer, issuer);
    }

    Response send(Map<String, String> answer, String issuer) {
        Map<String, String> all = new LinkedHashMap<>(answer);
        state.ifPresent(value -> all.put("state", value));
        all.put("iss", issuer);
        return Response.seeOther(with(uri, all)).header("Cache-Control", "no-store").build();
    }

    /// Values are not templates: a brace in one stays a brace.
    static URI with(URI address, Map<String, String> parameters) {
        UriBuilder builder = UriBuilder.fromUri(address);
        parameters.keySet().forEach(name -> builder.queryParam(name, "{" + name + "}"));
        return builder.buildFromMap(parameters);
    }
}
