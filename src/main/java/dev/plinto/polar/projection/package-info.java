/// Raw topic in, one transaction out: inbox, state, history, outbox, parked events.
///
/// [ProjectEvents] consumes the topic; [Projection] is what happens in the transaction.
package dev.plinto.polar.projection;
