package dev.plinto.polar.testing;

import org.junit.platform.suite.api.ExcludePackages;

/// Tests of all other rooms.
@ExcludePackages({UnitTests.BILLING, UnitTests.CALLER, UnitTests.RECONCILE, UnitTests.SANDBOX})
final class OtherRoomsSuite extends UnitTests {}
