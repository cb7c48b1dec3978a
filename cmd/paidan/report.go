package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// writeJSON writes a report to a file, or to the standard output for "-".
func writeJSON(file string, report any) error {
	if file == "" {
		return nil
	}
	data, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return fmt.Errorf("--json: %w", err)
	}
	data = append(data, '\n')
	if file == "-" {
		_, err = os.Stdout.Write(data)
	} else {
		err = os.WriteFile(file, data, 0o644) //nolint:gosec // a report is to be read
	}
	if err != nil {
		return fmt.Errorf("--json: %w", err)
	}
	return nil
}
