package sim

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Reference is what is known of an instance from elsewhere; 0 is not known.
type Reference struct {
	CTDBound     float64 `json:"ctd_bound,omitempty"`     // no policy can be below, minutes
	OverageBound float64 `json:"overage_bound,omitempty"` // minutes
	WithinBound  float64 `json:"within_target_bound_pct,omitempty"`
	CostBound    float64 `json:"cost_bound,omitempty"`  // pay per order
	Optimum      float64 `json:"optimum_ctd,omitempty"` // clairvoyant, Reyes et al. 2018
	Reyes        float64 `json:"reyes_ctd,omitempty"`
	FoodMatch    float64 `json:"foodmatch_ctd,omitempty"`
	FoodMatchP90 float64 `json:"foodmatch_ctd_p90,omitempty"`
	FoodMatchPay float64 `json:"foodmatch_cost_per_order,omitempty"`
}

// columns are the file's names of the fields.
func (r *Reference) columns() map[string]*float64 {
	return map[string]*float64{
		"ctd_bound": &r.CTDBound, "overage_bound": &r.OverageBound, "pct40_UB": &r.WithinBound, "cost_LB": &r.CostBound,
		"exact_ctd": &r.Optimum, "reyes_ctd": &r.Reyes, "foodmatch_ctd": &r.FoodMatch, "foodmatch_ctd_p90": &r.FoodMatchP90,
		"foodmatch_cost_per_order": &r.FoodMatchPay,
	}
}

// ReadReferences reads reference.csv in the folder of the instances, by instance. Where there is none it returns none.
func ReadReferences(dir string) (map[string]Reference, error) {
	f, err := os.Open(filepath.Join(dir, "reference.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("published results: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("published results in %s: %w", f.Name(), err)
	}
	out := map[string]Reference{}
	for n, row := range rows[1:] {
		var r Reference
		into := r.columns()
		for i, name := range rows[0] {
			v, ok := into[name]
			if !ok || row[i] == "" {
				continue
			}
			if *v, err = strconv.ParseFloat(row[i], 64); err != nil {
				return nil, fmt.Errorf("%s line %d: %s %q is not a number", f.Name(), n+2, name, row[i])
			}
		}
		out[row[0]] = r
	}
	return out, nil
}

// meanReference is the mean over instances of each column, over those that know it.
func meanReference(all []Reference) Reference {
	var mean Reference
	for name, v := range mean.columns() {
		n := 0
		for i := range all {
			if x := *all[i].columns()[name]; x != 0 {
				*v += x
				n++
			}
		}
		if n > 0 {
			*v /= float64(n)
		}
	}
	return mean
}
