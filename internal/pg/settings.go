package pg

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
)

// embeddedSettings suit one small machine that writes a lot and shares its memory with us.
var embeddedSettings = map[string]string{
	"listen_addresses":        "",
	"unix_socket_permissions": "0700",
	"cluster_name":            "paidan",
	"timezone":                "UTC",
	"log_timezone":            "UTC",
	"max_connections":         "200",

	"shared_buffers":       "256MB",
	"effective_cache_size": "1GB",
	"work_mem":             "8MB",
	"maintenance_work_mem": "128MB",

	// Riders' positions write all day: fewer, gentler checkpoints.
	"synchronous_commit":           "on",
	"wal_compression":              "on",
	"wal_buffers":                  "16MB",
	"min_wal_size":                 "256MB",
	"max_wal_size":                 "4GB",
	"checkpoint_timeout":           "15min",
	"checkpoint_completion_target": "0.9",

	// Orders and plans are updated many times an hour: vacuum early, and a little at a time.
	"autovacuum_naptime":             "15s",
	"autovacuum_vacuum_scale_factor": "0.05",

	// Short queries only: compiling or splitting them costs more than it saves, and containers have little shared memory.
	"jit":                              "off",
	"max_parallel_workers_per_gather":  "0",
	"max_parallel_maintenance_workers": "0",
	"random_page_cost":                 "1.1",

	"idle_in_transaction_session_timeout": "60s",
	"log_min_messages":                    "log", // statements' errors go to the caller, who knows what they mean
}

// unsafeSettings make a server that can be thrown away fast.
var unsafeSettings = map[string]string{
	"fsync":              "off",
	"synchronous_commit": "off",
	"full_page_writes":   "off",
}

func serverArgs(pgdata, socket string, o EmbeddedOptions) []string {
	set := maps.Clone(embeddedSettings)
	if o.NoFsync {
		maps.Copy(set, unsafeSettings)
	}
	maps.Copy(set, o.Settings)
	args := make([]string, 0, 4+2*len(set))
	args = append(args, "-D", pgdata, "-k", socket)
	for _, name := range slices.Sorted(maps.Keys(set)) {
		args = append(args, "-c", name+"="+set[name])
	}
	return args
}

// serverEnv keeps our own PostgreSQL variables from leaking into the server, and its messages in English.
func serverEnv() []string {
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool {
		return strings.HasPrefix(kv, "PG") || strings.HasPrefix(kv, "LC_") || strings.HasPrefix(kv, "LANG")
	})
	return append(env, "LC_ALL=C", "TZ=UTC")
}

func (s *Server) url(database string) string {
	q := url.Values{"host": {s.socket}, "port": {"5432"}, "sslmode": {"disable"}}
	return fmt.Sprintf("postgres://%s@/%s?%s", embeddedUser, database, q.Encode())
}
