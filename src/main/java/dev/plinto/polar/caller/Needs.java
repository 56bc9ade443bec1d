package dev.plinto.polar.caller;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What the sender of a call must be permitted; on a method it counts instead of that on its class. Others are answered
/// 401 or 403 before the method runs, and so before anybody else is asked: see [CheckCalls]. The class must be
/// `@Authenticated` and `@BearerTokenAuthentication` too, which verifies the token first.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Needs {

    Permission value();

    /// Where the call names the organization, if the permission is about one.
    OrganizationIn organization() default OrganizationIn.QUERY;

    enum OrganizationIn {
        /// In the parameter `organization_id`.
        QUERY,
        /// In the body, or behind an id: the method asks [CallCheck] as soon as it knows the organization. An answer
        /// without that is withheld.
        METHOD
    }
}
