/// What Plinto's applications ask for: who buys, changes or cancels what, at a provider.
package dev.plinto.polar.billing;
