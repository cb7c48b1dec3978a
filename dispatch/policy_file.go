package dispatch

import (
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
)

// ReadPolicy reads a policy file, YAML or JSON (which is YAML as well), over other values than the defaults.
func ReadPolicy(over Policy, path string) (Policy, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return over, fmt.Errorf("policy: %w", err)
	}
	if data, err = yaml.YAMLToJSON(data); err != nil {
		return over, fmt.Errorf("%s: %w", path, err)
	}
	p, err := parsePolicyOver(over, data)
	if err != nil {
		return over, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
