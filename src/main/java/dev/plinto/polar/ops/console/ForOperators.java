package dev.plinto.polar.ops.console;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks pages of the console: [GuardConsole] checks requests for them, and no delivery or API call. A page without
/// this fails instead of showing anything.
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface ForOperators {}
