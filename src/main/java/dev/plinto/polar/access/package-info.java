/// What an organization may use, from this service's own database: [ReadAccess] is the way in, [ExplanationBuilder]
/// tells why.
package dev.plinto.polar.access;
