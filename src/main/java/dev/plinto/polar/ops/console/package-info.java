/// The console at `/ops`: [GuardConsole] admits operators, each `Show…` is a page, [Pages] names their templates.
package dev.plinto.polar.ops.console;
