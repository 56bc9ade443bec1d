/// Servers that run beside this JVM and end with it ([ChildProcess]), their data and ports.
package dev.plinto.polar.sandbox.process;
