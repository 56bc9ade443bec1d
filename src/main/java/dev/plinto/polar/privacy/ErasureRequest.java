package dev.plinto.polar.privacy;

/// What the sender wants.
///
/// @param cancel         whether live subscriptions are to be ended; else they are a reason not to begin
/// @param keepAtProvider whether Polar's own record of the customer is to stay
record ErasureRequest(String organization, boolean cancel, boolean keepAtProvider) {}
