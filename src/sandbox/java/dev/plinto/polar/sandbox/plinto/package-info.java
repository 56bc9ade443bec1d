/// Stands in for Plinto's identity provider: [IssuePlintoToken], and the console's sign-in ([SignInOperator]).
package dev.plinto.polar.sandbox.plinto;
