/// What an organization may use, from this service's own database. [ReadAccess] answers the calls, [ExplanationBuilder]
/// explains why.
package dev.plinto.polar.access;
