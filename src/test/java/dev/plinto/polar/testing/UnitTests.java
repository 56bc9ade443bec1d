package dev.plinto.polar.testing;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/// All tests but those of the package, in two suites that take about as long. Maven runs both at a time, each as one
/// session in a JVM with a broker and a database of its own. A room is in one suite: JUnit loads all classes of a
/// session first, for which Quarkus builds each application that one of them uses.
@Suite
@SelectPackages(UnitTests.ROOT)
@IncludeClassNamePatterns(".*Test")
@ExcludeClassNamePatterns(".*FuzzTest") // run it by name only: it instruments every class that it loads
abstract class UnitTests {

    static final String ROOT = "dev.plinto.polar";
    static final String BILLING = ROOT + ".billing";
    static final String CALLER = ROOT + ".caller";
    static final String RECONCILE = ROOT + ".reconcile";
    static final String SANDBOX = ROOT + ".sandbox";
}
