package dev.plinto.polar;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Anybody may make the call: it has a check of its own, or answers what is public. Every other call says what its
/// sender needs (`caller.Needs`).
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface NoTokenNeeded {}
