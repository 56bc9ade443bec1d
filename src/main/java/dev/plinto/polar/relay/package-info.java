/// Outbox rows to the change topics, in order. It carries bytes and does not interpret them.
///
/// [RelayChanges] is the loop; [Publisher] is what makes a suspended predecessor harmless.
package dev.plinto.polar.relay;
