/// The pages that buyers and customers see of the simulated Conekta: checkout and portal.
package dev.plinto.polar.sandbox.conekta.pages;
