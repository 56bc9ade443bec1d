/// What must be in place before anything works: settings and their bounds, the schema, the topics.
package dev.plinto.polar.start;
