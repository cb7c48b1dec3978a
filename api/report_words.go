package api

// ReportWords is a text in the languages of the riders' app.
type ReportWords struct {
	En string `json:"en"`
	Zh string `json:"zh"`
}

// howDecided says what docs/architecture.md does, to those whom it concerns.
var howDecided = ReportWords{
	En: "Every few seconds the engine plans all waiting orders of your zone for all riders on shift at once. It looks for the plan in which customers wait the least, " +
		"few orders are late, and ways are short. For each order it compares riders by minutes: until the customer has it, of lateness, of extra way, of delay for the rider's " +
		"other customers, and where the rider ends up; where your zone weighs it, also how long a rider has been without an order and has earned. A rider is left out who has no room, " +
		"lacks a skill or the vehicle, is on a break or about to stop, has worked as long as is allowed, was not heard of lately, or has just turned the order down. " +
		"Neither your acceptance rate nor ratings are looked at. Declining has one consequence: you are not asked for that order again for a while. " +
		"A person can look at and change every decision: ask your dispatcher, who sees why each order went where it did.",
	Zh: "调度引擎每隔几秒为你所在区域的所有待派订单和所有在岗骑手统一规划。它寻找顾客等待最短、超时最少、路程最短的方案。对每个订单，它以分钟比较各位骑手：" +
		"顾客要等多久、会不会超时、多走多少路、是否耽误骑手手上的其他顾客，以及骑手最后停在哪里；如果你的区域设有公平权重，还会考虑骑手多久没有接到订单、已经赚了多少。" +
		"没有空余容量、缺少技能或车型不符、正在休息或即将下班、已达到允许的工作时长、近期没有定位、或刚刚拒绝过该订单的骑手，不参与该订单的比较。" +
		"接单率和评分都不参与决定。拒单只有一个后果：一段时间内不会再向你派同一订单。每个决定都可以由人查看和更改：请联系调度员，他们能看到每个订单去向的原因。",
}
