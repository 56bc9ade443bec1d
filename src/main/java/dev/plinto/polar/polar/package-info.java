/// Polar's dialect: how it signs, its event envelope and its objects, its REST API. The only place that knows Polar's vocabulary.
package dev.plinto.polar.polar;
