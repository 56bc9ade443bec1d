/// What runs beside the service, and where it runs itself: alerts, dashboards, compose and Kubernetes, by their own tools and
/// on a running service. Begin with [dev.plinto.polar.deploy.AlertRulesTest] and [dev.plinto.polar.deploy.ClusterIT].
package dev.plinto.polar.deploy;
