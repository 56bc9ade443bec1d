/// What runs beside the service: alerts and dashboards, by their own tools and on a running service. Begin with
/// [dev.plinto.polar.deploy.AlertRulesTest].
package dev.plinto.polar.deploy;
