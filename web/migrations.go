package web

import "embed"

// Migrations are the tables of schema web.
//
//go:embed migrations/*.sql
var Migrations embed.FS
