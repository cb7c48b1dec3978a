package dispatch

import (
	"time"
)

// How a shift begins.
const (
	StartOpen   = "open"   // whenever the rider comes
	StartBooked = "booked" // at the time that the rider has booked
)

// Shifts is how riders come to work in a zone.
type Shifts struct {
	Start     string `json:"start" enum:"open,booked" doc:"open: whenever the rider comes. booked: at a time that the rider has booked."`
	InZone    bool   `json:"in_zone" doc:"A shift begins within the zone only, by the rider's last position."`
	EarlyS    int    `json:"early_s" minimum:"0" maximum:"14400" doc:"Seconds before a booked time from which on its shift may begin."`
	LateS     int    `json:"late_s" minimum:"0" maximum:"14400" doc:"Seconds after a booked time at which a rider who has not come is a no-show."`
	NoticeS   int    `json:"notice_s" minimum:"0" maximum:"1209600" doc:"Seconds before a booked time until which the rider may cancel."`
	RemindS   int    `json:"remind_s" minimum:"0" maximum:"172800" doc:"Seconds before a booked time at which its rider is reminded. 0: nobody is."`
	AheadDays int    `json:"ahead_days" minimum:"1" maximum:"60" doc:"Days that riders may book ahead, today included."`
}

// DefaultShifts lets riders come as they like.
func DefaultShifts() Shifts {
	return Shifts{Start: StartOpen, EarlyS: 900, LateS: 1800, NoticeS: 7200, RemindS: 3600, AheadDays: 14}
}

// Early is how long before a booked time its shift may begin.
func (p Shifts) Early() time.Duration { return time.Duration(p.EarlyS) * time.Second }

// Late is how long after a booked time a rider may come.
func (p Shifts) Late() time.Duration { return time.Duration(p.LateS) * time.Second }

// Notice is how long before a booked time it may be cancelled.
func (p Shifts) Notice() time.Duration { return time.Duration(p.NoticeS) * time.Second }

// Remind is how long before a booked time its rider is reminded; 0: not at all.
func (p Shifts) Remind() time.Duration { return time.Duration(p.RemindS) * time.Second }

// Missed is how long after a booked time a rider who has not come is told so, while there is time to come: five minutes, or half of what is allowed.
func (p Shifts) Missed() time.Duration { return min(5*time.Minute, p.Late()/2) }

func (p Shifts) faults() []Fault {
	var faults []Fault
	if p.Start != StartOpen && p.Start != StartBooked {
		faults = append(faults, Fault{"shifts.start", "must be open or booked", p.Start})
	}
	for _, f := range []struct {
		field        string
		v, low, high int
	}{
		{"early_s", p.EarlyS, 0, 14_400}, {"late_s", p.LateS, 0, 14_400}, {"notice_s", p.NoticeS, 0, 1_209_600}, {"remind_s", p.RemindS, 0, 172_800}, {"ahead_days", p.AheadDays, 1, 60},
	} {
		if f.v < f.low || f.v > f.high {
			faults = append(faults, outOfRange("shifts."+f.field, f.v, f.low, f.high))
		}
	}
	return faults
}
