package dev.plinto.polar;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The least and the most that a number, duration or size may be, both included, written as the setting is: `100`,
/// `1200ms`, `30d`, `64K`. The service refuses to start with a value outside of them (`start.CheckBounds`).
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Bounds {

    String least();

    String most();

    /// Whether the setting may also be 0, which is less than the least.
    boolean orZero() default false;

    /// The method of another setting in the same interface, which this one must exceed.
    String moreThan() default "";
}
