/// Tests of everything deployed with the service: alerts, dashboards, compose and Kubernetes, with their own tools and
/// on a running service. Begin with [dev.plinto.polar.deploy.AlertRulesTest] and [dev.plinto.polar.deploy.ClusterIT].
package dev.plinto.polar.deploy;
