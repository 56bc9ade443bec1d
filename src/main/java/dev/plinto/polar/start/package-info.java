/// What must be in place before the service works: settings within their bounds, the schema, the topics.
package dev.plinto.polar.start;
