/// What every HTTP connection is held to, whatever it asks for: a request arrives whole in a short time or its
/// connection is cut, and what has not arrived whole takes a bounded part of the memory.
///
/// [GuardConnections] puts a [ConnectionGuard] in front of every connection of the packaged service; [OpenConnections]
/// decides which one is cut.
package dev.plinto.polar.http;
