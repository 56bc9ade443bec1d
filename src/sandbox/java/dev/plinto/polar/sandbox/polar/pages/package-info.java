/// Pages that Polar hosts: the checkout, the customer portal, invoices, claims of seats. They know the simulated Polar
/// by its API only, as Polar's own pages do.
package dev.plinto.polar.sandbox.polar.pages;
