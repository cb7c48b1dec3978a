package push

import (
	"fmt"
	"strings"
	"time"

	"github.com/paidan/paidan/rider"
)

// text is what the phone shows, in its language: Chinese, or else English. left is until the news is old; begins is of a booked shift.
func text(kind rider.NoticeKind, locale string, left time.Duration, begins time.Time) (title, body string) {
	seconds := max(1, int(left/time.Second))
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		switch kind {
		case rider.NoticeOffer:
			return "新派单", fmt.Sprintf("请在 %d 秒内查看路线和收入并应答。", seconds)
		case rider.NoticePlan:
			return "路线有变动", "调度已更改您的任务，请查看。"
		case rider.NoticeAlarm:
			return "求助已收到", "调度员正在处理您的求助。"
		case rider.NoticeHandover:
			return "同事请您接单", fmt.Sprintf("请在 %d 秒内查看路线和收入并应答。", seconds)
		case rider.NoticeHandoverRefused:
			return "转单未成功", "同事无法接手，运单仍由您配送。"
		case rider.NoticeHandoverAsked:
			return "调度请同事接手", "调度正在请同事接手您的运单，您可以取消。"
		case rider.NoticeShift:
			return "班次提醒", fmt.Sprintf("您预约的班次将于%d月%d日（周%s）%s 开始。", begins.Month(), begins.Day(), weekdays[begins.Weekday()], begins.Format("15:04"))
		case rider.NoticeShiftLate:
			return "班次已开始", fmt.Sprintf("您预约的班次已于 %s 开始，请尽快上线，否则将记为缺勤。", begins.Format("15:04"))
		case rider.NoticeBreakOver:
			return "休息结束", "本班次的休息时间已用完，将继续为您派单。"
		}
	}
	switch kind {
	case rider.NoticeOffer:
		return "New offer", fmt.Sprintf("See the route and the pay, and answer within %d s.", seconds)
	case rider.NoticePlan:
		return "Your route has changed", "Dispatch has changed what you have to do. Please have a look."
	case rider.NoticeAlarm:
		return "Your alarm was heard", "A dispatcher is taking care of it."
	case rider.NoticeHandover:
		return "A colleague asks you to take over", fmt.Sprintf("See the route and the pay, and answer within %d s.", seconds)
	case rider.NoticeHandoverRefused:
		return "Not handed over", "Your colleague can't take the orders. They are still yours."
	case rider.NoticeHandoverAsked:
		return "Orders of yours may be handed over", "A dispatcher asks a colleague to take them over. You can call it off."
	case rider.NoticeShift:
		return "Your next shift", fmt.Sprintf("It begins on %s at %s.", begins.Format("Mon 2 Jan"), begins.Format("15:04"))
	case rider.NoticeShiftLate:
		return "Your shift has begun", fmt.Sprintf("It began at %s. Please start it now; otherwise you count as absent.", begins.Format("15:04"))
	case rider.NoticeBreakOver:
		return "Your break is over", "The time for breaks of this shift is used up. Orders come again."
	}
	return "Paidan", ""
}

var weekdays = []string{"日", "一", "二", "三", "四", "五", "六"}
