package dev.plinto.polar;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The least and the most that a number or duration setting may be, both included, written as the setting is: `100`,
/// `1200ms`, `30d`. The service refuses to start with a value outside of them (`start.CheckBounds`).
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Bounds {

    String least();

    /// Empty: no upper bound.
    String most() default "";
}
