/// What Plinto's applications ask for, and who may ask.
package dev.plinto.polar.billing;
