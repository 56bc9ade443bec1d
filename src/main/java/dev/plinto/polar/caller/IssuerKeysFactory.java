package dev.plinto.polar.caller;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.VerificationKeyResolver;

/// Makes SmallRye JWT verify tokens with [IssuerKeys], in place of its own keys.
@Singleton
@Alternative
@Priority(1)
class IssuerKeysFactory extends JWTCallerPrincipalFactory {

    private final DefaultJWTTokenParser parser;

    IssuerKeysFactory(IssuerKeys keys) {
        parser = new DefaultJWTTokenParser() {
            @Override
            protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo info) {
                return keys;
            }
        };
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo info) throws ParseException {
        JwtContext verified = parser.parse(token, info);
        return new DefaultJWTCallerPrincipal(verified.getJoseObjects().getFirst().getHeader("typ"),
                verified.getJwtClaims());
    }
}
