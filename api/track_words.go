package api

import (
	"net/http"
	"strings"

	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// words are the tracking page's texts in one language.
type words struct {
	Title, Eta, By, Rider, PIN, PINHint, Rate, Comment, Send, Thanks, Tip, TipThanks, Store, You, Switch, Failed, Stars string
	Gone, Unknown, Busy                                                                                                 string
	states                                                                                                              map[order.State]string
	steps                                                                                                               trackSteps
	vehicles                                                                                                            map[rider.Vehicle]string
}

// trackSteps name the steps of a delivery.
type trackSteps struct{ placed, ready, assigned, pickedUp, atDoor, delivered, cancelled, returned string }

const (
	english = "en"
	chinese = "zh"
)

var trackWords = map[string]words{
	english: {
		Title: "Your delivery", Eta: "Expected", By: "by %s", Rider: "Your rider", PIN: "Your PIN", PINHint: "Tell it to the rider at the door, and to nobody before.",
		Rate: "How was it?", Comment: "Anything to add?", Send: "Send", Thanks: "Thank you!", Tip: "Tip your rider", TipThanks: "Your tip: %s. Thank you!",
		Store: "Store", You: "You", Switch: "中文", Failed: "That did not work. Please try again.", Stars: "%d of 5",
		Gone: "This link has expired.", Unknown: "This link leads nowhere.", Busy: "Too many visits at once. Please wait a moment.",
		states: map[order.State]string{
			order.Scheduled: "Scheduled", order.Pending: "In the kitchen", order.Offered: "In the kitchen", order.Assigned: "A rider is on the way to the store",
			order.AtStore: "The rider is at the store", order.PickedUp: "On the way to you", order.AtDoor: "The rider is at your door", order.Delivered: "Delivered",
			order.Returning: "It could not be delivered", order.Returned: "It could not be delivered", order.Cancelled: "Cancelled",
		},
		steps:    trackSteps{"Ordered", "Ready", "Rider found", "Picked up", "At your door", "Delivered", "Cancelled", "Back at the store"},
		vehicles: map[rider.Vehicle]string{rider.Walking: "on foot", rider.Bicycle: "by bicycle", rider.EBike: "by e-bike", rider.Motorcycle: "by motorcycle", rider.Car: "by car"},
	},
	chinese: {
		Title: "订单配送", Eta: "预计送达", By: "%s 前", Rider: "配送骑手", PIN: "收货码", PINHint: "请在骑手到达时告知，切勿提前透露。",
		Rate: "这次配送怎么样？", Comment: "还想说点什么？", Send: "提交", Thanks: "感谢您的评价！", Tip: "打赏骑手", TipThanks: "已打赏 %s，谢谢！",
		Store: "商家", You: "您", Switch: "English", Failed: "操作失败，请重试。", Stars: "%d 星，共 5 星",
		Gone: "此链接已过期。", Unknown: "链接无效。", Busy: "访问过于频繁，请稍候再试。",
		states: map[order.State]string{
			order.Scheduled: "已预约", order.Pending: "商家备餐中", order.Offered: "商家备餐中", order.Assigned: "骑手正赶往商家",
			order.AtStore: "骑手已到店", order.PickedUp: "骑手正在送来", order.AtDoor: "骑手已到门口", order.Delivered: "已送达",
			order.Returning: "未能送达", order.Returned: "未能送达", order.Cancelled: "订单已取消",
		},
		steps:    trackSteps{"已下单", "已出餐", "骑手已接单", "已取餐", "已到达", "已送达", "已取消", "已退回商家"},
		vehicles: map[rider.Vehicle]string{rider.Walking: "步行", rider.Bicycle: "自行车", rider.EBike: "电动车", rider.Motorcycle: "摩托车", rider.Car: "汽车"},
	},
}

// FiveStars are what can be given.
func (words) FiveStars() []int { return []int{1, 2, 3, 4, 5} }

// fault is what went wrong, in words.
func (w words) fault(code string) string {
	switch code {
	case codeGone:
		return w.Gone
	case codeNotFound:
		return w.Unknown
	case codeRateLimited:
		return w.Busy
	}
	return w.Failed
}

func otherLanguage(lang string) string {
	if lang == chinese {
		return english
	}
	return chinese
}

// trackLanguage is the one asked for by the switch, or the first that the browser names and we speak.
func trackLanguage(r *http.Request) string {
	if lang := r.URL.Query().Get("lang"); lang == english || lang == chinese {
		return lang
	}
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), ";")
		if lang, _, _ := strings.Cut(tag, "-"); lang == english || lang == chinese {
			return lang
		}
	}
	return english
}
