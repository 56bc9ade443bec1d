package dev.plinto.polar.caller;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// All requests to the resource need a Plinto access token with the role `ops`; others are answered 401 or 403. The
/// resource must be `@Authenticated` too, which verifies the token first.
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OperatorsOnly {}
