/// Who sends a request, for which organization, and in which role: [Caller], from a verified Plinto access token.
package dev.plinto.polar.caller;
