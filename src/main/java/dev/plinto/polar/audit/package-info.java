/// Which operator did what, to what, with which result: [AuditLog].
package dev.plinto.polar.audit;
