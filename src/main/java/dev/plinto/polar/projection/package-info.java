/// Raw topic in, one transaction out: inbox, what is known, history, outbox, parked events.
///
/// [ProjectEvents] is the way in; [Projection] is what happens in the transaction.
package dev.plinto.polar.projection;
