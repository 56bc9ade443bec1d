/// The sender of a request, their organization and their role: [Caller], from a verified Plinto access token.
package dev.plinto.polar.caller;
