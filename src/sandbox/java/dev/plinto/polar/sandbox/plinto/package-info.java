/// Stands in for Plinto's identity provider: an OpenID provider ([SignInPerson], [ExchangeGrant], [EndSession],
/// [DescribeProvider]) whose people have no passwords, and whose keys change on demand ([RotateKeys]);
/// [IssuePlintoToken], which makes any token without a sign-in; and the console's automatic sign-in
/// ([SignInOperator]).
package dev.plinto.polar.sandbox.plinto;
