/// For the people on call, and what must be in place before the service can work.
package dev.plinto.polar.ops;
