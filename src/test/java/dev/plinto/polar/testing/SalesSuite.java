package dev.plinto.polar.testing;

import org.junit.platform.suite.api.IncludePackages;

/// Tests of the rooms that sell, and of what they sell at.
@IncludePackages({UnitTests.BILLING, UnitTests.CALLER, UnitTests.RECONCILE, UnitTests.SANDBOX})
final class SalesSuite extends UnitTests {}
