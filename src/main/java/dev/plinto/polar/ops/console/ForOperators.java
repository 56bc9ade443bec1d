package dev.plinto.polar.ops.console;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Pages of the console, before which [GuardConsole] stands, and before nothing else: no delivery and no call waits for
/// it. A page without this says that it lacks its guard, and shows nothing.
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface ForOperators {}
