package search

import "embed"

// Migrations are this folder's steps of the database schema, for postgres.Migrate.
//
//go:embed migrations/*.sql
var Migrations embed.FS
