package dev.plinto.polar;

import dev.plinto.polar.start.CheckBounds;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a number or a duration may be set to, both ends included, each written as the setting is: `100`, `1200ms`, `30d`.
/// With another value the service does not start, see [CheckBounds].
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Bounds {

    String least();

    /// Empty: as much as one likes.
    String most() default "";
}
