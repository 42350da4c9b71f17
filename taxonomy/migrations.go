package taxonomy

import "embed"

// Migrations make the tables of schema taxonomy.
//
//go:embed migrations/*.sql
var Migrations embed.FS
