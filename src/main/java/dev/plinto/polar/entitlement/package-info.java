/// The rules: which account may use what, given the statements about a customer's objects in any order of arrival.
///
/// Plain Java: no framework, no JSON, no SQL, no clock. Read in this order: [Stamp], [StampedValue] and [Facts] (how
/// statements about one object combine), [Account] (the holder of entitlements), [DerivedGrants] (what is bought from a
/// provider that tells no grants), [Ledger] (what an event changes), [EntitlementBook] (what an account may use
/// afterwards).
package dev.plinto.polar.entitlement;
