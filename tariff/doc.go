// Package tariff is what a delivery costs: a zone's prices, and the arithmetic from an order to its fee.
//
// The arithmetic is pure and knows whole minor units only. Price makes a fee term by term: base, distance, weight, surcharges by the
// time of day, surge by the supply gap, and what is missing to the least fee. The terms add up to the fee, so that a bill can be
// checked by hand. EndFee and EndPay are what an order that has ended costs its merchant and earns its rider.
//
// A tariff is never changed: each edit is a new version, and an order is settled by the version that made its fee.
package tariff
