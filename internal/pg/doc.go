// Package pg is the way to PostgreSQL: the pool, transactions, migrations, leases, and the private server that
// `paidan serve` starts when it is given no database.
//
// Two roles share one login. The URL's user owns the schema: Migrate and Secret act as it. Everything else
// goes through a DB, whose connections step down to paidan_app when they open. Row-level security binds that role: a row
// is visible only when its tenant_id equals the setting paidan.tenant_id, which Tx, Read and Reference make local to
// their transaction. A query that forgets its tenant therefore finds nothing instead of everything.
//
// Tx is for writes (READ COMMITTED; rows are locked or versions checked by the statements themselves), Read for several
// queries that must agree with each other (REPEATABLE READ, READ ONLY), Reference for GORM on reference data. Never mix
// GORM and pgx in one transaction.
package pg
