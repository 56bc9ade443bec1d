/// What goes wrong in production, all of it in one run and in an order that a seed gives; and what must hold afterwards.
package dev.plinto.polar.faults;
