/// The simulated Conekta's REST API: for a server ([ConektaApi]), and on a port of its own ([ConektaServer]).
package dev.plinto.polar.sandbox.conekta.rest;
