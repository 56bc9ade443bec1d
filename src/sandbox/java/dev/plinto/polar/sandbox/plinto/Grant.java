package dev.plinto.polar.sandbox.plinto;

import java.util.List;
import java.util.Optional;

/// What a person allowed a client by signing in.
record Grant(AuthorizationRequest request, SignedIn person) {

    /// For tokens by a refresh token: with fewer scopes, if the client names those that it wants, and without the
    /// nonce, which belongs to the first ID token.
    Grant again(Optional<List<String>> wanted) {
        List<String> scopes = wanted.map(some -> request.scopes().stream().filter(some::contains).toList())
                .orElse(request.scopes());
        return new Grant(new AuthorizationRequest(request.clientId(), request.redirectUri(), scopes, Optional.empty(),
                request.challenge(), request.isSilent(), request.maxAge()), person);
    }
}
