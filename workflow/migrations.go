package workflow

import "embed"

// Migrations make the tables of schema workflow.
//
//go:embed migrations/*.sql
var Migrations embed.FS
