/// For the people on call: the operator API. Its resources (`FindEvents`, `OperateParkedEvents`, ...) and the console's
/// pages ([dev.plinto.polar.ops.console]) call the same plain classes ([Events], [ParkedEvents], ...).
package dev.plinto.polar.ops;
