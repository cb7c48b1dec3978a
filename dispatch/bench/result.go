package bench

// Result is what was measured on one batch. Times are in seconds from the start of the call, costs in minutes.
type Result struct {
	Batch   string `json:"batch"`
	Orders  int    `json:"orders"` // waiting ones
	OnBoard int    `json:"on_board"`
	Riders  int    `json:"riders"`

	CandidatesS float64 `json:"candidates_s"`
	FirstPlan   *Point  `json:"first_plan"` // null when it was interrupted before
	After       []Mark  `json:"after"`
	End         Point   `json:"end"`

	Iterations           int     `json:"iterations"`
	IterationsPerS       float64 `json:"iterations_per_s"`
	FirstEvaluations     int64   `json:"first_plan_evaluations"`
	FirstEvaluationsPerS float64 `json:"first_plan_evaluations_per_s"`
	EvaluationsPerS      float64 `json:"improvement_evaluations_per_s"`

	Memory      Memory    `json:"memory"`
	CPUShare    *float64  `json:"cpu_share,omitempty"` // CPU time by wall time
	Interrupted bool      `json:"interrupted,omitempty"`
	Compared    *Compared `json:"compared,omitempty"`
}

// Point is a plan at a time.
type Point struct {
	AtS     float64 `json:"at_s"`
	Cost    float64 `json:"cost"`
	Waiting int     `json:"waiting"` // orders without a rider
}

// Mark is the plan at a time asked for; the first look after it may be a little later. The plan is absent when there was no
// full one yet, or the call had ended.
type Mark struct {
	AfterS float64 `json:"after_s"`
	*Point
}
