package dev.plinto.polar.sandbox.polar;

/// The merchant's settings of what a customer may buy.
final class SellingRules {

    boolean allowMultipleSubscriptions = true;
    boolean preventTrialAbuse;
}
