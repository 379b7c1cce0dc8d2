using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>The operators on dates: moments, whatever the zone they are written in.</summary>
internal static class DateRows
{
    private const string Now = "acs:CurrentTime";

    public static readonly DecisionRow[] All =
    [
        If("DateEquals: equal", Allow, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateEquals: the same moment in another zone", Allow, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T20:00:00+08:00"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateEquals: the same moment on another day", Allow, """{"DateEquals":{"acs:CurrentTime":"2026-02-01T02:00:00+08:00"}}""", (Now, "2026-01-31T18:00:00Z")),
        If("DateEquals: a zone of half an hour", Allow, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T17:30:00+05:30"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateEquals: the same clock in another zone", ImplicitDeny, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T12:00:00+08:00"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateEquals: a fraction counts", ImplicitDeny, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00.001Z")),
        If("DateEquals: a fraction of nought does not", Allow, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00.000Z")),
        If("DateEquals: seconds may be left out", Allow, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T12:00Z"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateEquals: different", ImplicitDeny, """{"DateEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:01Z")),
        If("DateNotEquals: different", Allow, """{"DateNotEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:01Z")),
        If("DateNotEquals: equal", ImplicitDeny, """{"DateNotEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateNotEquals: equal in another zone", ImplicitDeny, """{"DateNotEquals":{"acs:CurrentTime":"2026-01-31T04:00:00-08:00"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateLessThan: before", Allow, """{"DateLessThan":{"acs:CurrentTime":"2019-08-12T17:00:00+08:00"}}""", (Now, "2019-08-12T08:59:59Z")),
        If("DateLessThan: at that moment", ImplicitDeny, """{"DateLessThan":{"acs:CurrentTime":"2019-08-12T17:00:00+08:00"}}""", (Now, "2019-08-12T09:00:00Z")),
        If("DateLessThan: before by the clock, after by the sun", ImplicitDeny, """{"DateLessThan":{"acs:CurrentTime":"2019-08-12T17:00:00+08:00"}}""", (Now, "2019-08-12T16:00:00Z")),
        If("DateLessThanEquals: at that moment", Allow, """{"DateLessThanEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateLessThanEquals: after", ImplicitDeny, """{"DateLessThanEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00.0000001Z")),
        If("DateGreaterThan: after", Allow, """{"DateGreaterThan":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:01Z")),
        If("DateGreaterThan: at that moment", ImplicitDeny, """{"DateGreaterThan":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateGreaterThanEquals: at that moment", Allow, """{"DateGreaterThanEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T12:00:00Z")),
        If("DateGreaterThanEquals: before", ImplicitDeny, """{"DateGreaterThanEquals":{"acs:CurrentTime":"2026-01-31T12:00:00Z"}}""", (Now, "2026-01-31T11:59:59Z")),
        If("DateGreaterThan: a leap day", Allow, """{"DateGreaterThan":{"acs:CurrentTime":"2028-02-29T00:00:00Z"}}""", (Now, "2028-03-01T00:00:00Z")),
        If("a request's date without a zone allows nothing", ImplicitDeny, """{"DateLessThan":{"acs:CurrentTime":"2030-01-01T00:00:00Z"}}""", (Now, "2026-01-31T12:00:00")),
        If("a request's day allows nothing", ImplicitDeny, """{"DateNotEquals":{"acs:CurrentTime":"2030-01-01T00:00:00Z"}}""", (Now, "2026-01-31")),
        If("a day that does not exist allows nothing", ImplicitDeny, """{"DateLessThan":{"acs:CurrentTime":"2030-01-01T00:00:00Z"}}""", (Now, "2026-02-29T12:00:00Z")),
        Unless("a request's date without a zone is denied", ExplicitDeny, """{"DateGreaterThan":{"acs:CurrentTime":"2030-01-01T00:00:00Z"}}""", (Now, "2026-01-31T12:00:00")),
    ];
}
