/// The rules: given the statements made about a customer's objects, in whatever order they arrived, who may use what.
///
/// Plain Java: no framework, no JSON, no SQL, no clock. Read in this order: [Stamp], [StampedValue] and [Facts] (how
/// statements about one object combine), [Account] (whose it is), [Ledger] (what an event changes), [EntitlementBook]
/// (what an account may use after it).
package dev.plinto.polar.entitlement;
