// A trimmed Benthos 4.27.0: the Kafka input, the pure processors and the SQL output. `npm run bench -- ingest --peer` builds and runs it.

package main

import (
	"context"

	"github.com/benthosdev/benthos/v4/public/service"

	_ "github.com/benthosdev/benthos/v4/public/components/io"
	_ "github.com/benthosdev/benthos/v4/public/components/kafka"
	_ "github.com/benthosdev/benthos/v4/public/components/pure"
	_ "github.com/benthosdev/benthos/v4/public/components/sql/base"
	_ "github.com/lib/pq"
)

func main() { service.RunCLI(context.Background()) }
