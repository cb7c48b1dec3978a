// Package push wakes phones: it tells riders who are not looking that there is an offer, that somebody has changed their plan, that help is on its way.
//
// The live stream comes first; a push is for the phone in the pocket. Who changes something (dispatch) writes notices in the same transaction:
// Queue turns them into durable jobs, one for each device of the rider that has registered a token (Token), in a queue for each provider. When its
// time has come a job looks again (Sender): an offer that was answered, withdrawn, has expired, or is on the rider's screen by now is
// not pushed. An offer waits Grace for that, because an app in the foreground says "seen" within a second.
//
// A provider that hangs holds up its own queue only, and a breaker keeps most of its jobs from trying; a job whose news has expired is dropped.
// Messages name nobody and no place: they pass through other companies' machines. A newer one takes the place of an older one on
// the screen (its kind is the collapse key).
package push
