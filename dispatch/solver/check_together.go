package solver

import "slices"

// together checks that each group has one rider or none; and, where riders are bound to some of it, that what else is served
// goes to one of them: to one who has goods on board, if anybody has.
func (c *checker) together() {
	rider := make([]int32, len(c.p.Orders)) // who drops it off, or -1
	for o := range rider {
		rider[o] = -1
	}
	for r := range c.plan.Routes {
		for _, stop := range c.plan.Routes[r].Stops {
			rider[stop.Order] = int32(r)
		}
	}
	groups := map[int32][]int32{}
	for o := range c.p.Orders {
		if g := c.p.Orders[o].Group; g != 0 {
			groups[g] = append(groups[g], int32(o))
		}
	}
	for g, list := range groups {
		var holders, carriers []int32
		for _, o := range list {
			if c.bound[o] >= 0 {
				holders = append(holders, c.bound[o])
			}
			if c.p.Orders[o].OnBoard {
				carriers = append(carriers, c.bound[o])
			}
		}
		if len(carriers) > 0 {
			holders = carriers
		}
		for _, o := range list {
			switch {
			case c.bound[o] >= 0:
			case len(holders) == 0 && rider[o] != rider[list[0]]:
				c.fail("group %d: %s and %s don't go together", g, c.order(list[0]), c.order(o))
			case len(holders) > 0 && rider[o] >= 0 && !slices.Contains(holders, rider[o]):
				c.fail("group %d: %s goes to %s, who has none of it", g, c.order(o), c.rider(rider[o]))
			}
		}
	}
}
