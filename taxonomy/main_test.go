package taxonomy

import (
	"os"
	"testing"

	"docket/repository/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }
