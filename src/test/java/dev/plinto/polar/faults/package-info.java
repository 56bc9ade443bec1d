/// The faults of production, all of them in one run in an order given by a seed; and the guarantees that must hold
/// afterwards.
package dev.plinto.polar.faults;
