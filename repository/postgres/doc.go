// Package postgres is the way to the database: the pool, transactions, and migrations merged from every folder.
//
// SQL lives beside its domain. A package writes only its own PostgreSQL schema, which carries the folder's name, and keeps
// its migrations as migrations/NNNN_name.sql, one number sequence over all folders.
//
// Services hold no pool. Reads take a Querier; writes take a pgx.Tx. Only entry points (handlers, workers, commands)
// hold the pool and call InTx, so that one transaction can span packages with no interface between them.
package postgres
