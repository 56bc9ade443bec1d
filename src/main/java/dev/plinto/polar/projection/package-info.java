/// Raw topic in, one transaction out: inbox, state, history, outbox, parked events.
///
/// [ProjectEvents] is the way in; [Projection] is what happens in the transaction.
package dev.plinto.polar.projection;
