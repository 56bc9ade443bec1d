/// Which provider sells to an organization, and why. The rules alone: no database, no settings, no clock.
package dev.plinto.polar.billing.routing;
