using static Porpoise.Core.Policies.Verdict;
using static Porpoise.Core.Tests.Policies.DecisionRow;

namespace Porpoise.Core.Tests.Policies;

/// <summary>The operators on numbers, which are compared exactly and as decimals.</summary>
internal static class NumberRows
{
    private const string Size = "acs:ResourceTag/size";

    public static readonly DecisionRow[] All =
    [
        If("NumericEquals: equal", Allow, """{"NumericEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10")),
        If("NumericEquals: another writing", Allow, """{"NumericEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10.00")),
        If("NumericEquals: a bare number", Allow, """{"NumericEquals":{"acs:ResourceTag/size":10}}""", (Size, "10")),
        If("NumericEquals: one of several", Allow, """{"NumericEquals":{"acs:ResourceTag/size":["1","2","3"]}}""", (Size, "3")),
        If("NumericEquals: different", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "11")),
        If("NumericEquals: minus nought is nought", Allow, """{"NumericEquals":{"acs:ResourceTag/size":"0"}}""", (Size, "-0")),
        If("NumericEquals: decimals, not binary fractions", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"0.1"}}""", (Size, "0.1000000000000000055")),
        If("NumericEquals: beyond what a double tells apart", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"9007199254740993"}}""", (Size, "9007199254740992")),
        If("NumericEquals: no thousands", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"1000"}}""", (Size, "1,000")),
        If("NumericEquals: no exponent", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"1000"}}""", (Size, "1e3")),
        If("NumericEquals: no blanks", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"10"}}""", (Size, " 10")),
        If("NumericEquals: no number", ImplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "ten")),
        If("NumericNotEquals: different", Allow, """{"NumericNotEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10.5")),
        If("NumericNotEquals: equal", ImplicitDeny, """{"NumericNotEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10.0")),
        If("NumericNotEquals: equal to one of several", ImplicitDeny, """{"NumericNotEquals":{"acs:ResourceTag/size":["1","2"]}}""", (Size, "2")),
        If("NumericNotEquals: no number allows nothing", ImplicitDeny, """{"NumericNotEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "ten")),
        Unless("NumericNotEquals: no number denies", ExplicitDeny, """{"NumericNotEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "ten")),
        Unless("NumericEquals: no number denies", ExplicitDeny, """{"NumericEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "ten")),
        If("NumericLessThan: less", Allow, """{"NumericLessThan":{"acs:ResourceTag/size":"10"}}""", (Size, "9.99")),
        If("NumericLessThan: equal", ImplicitDeny, """{"NumericLessThan":{"acs:ResourceTag/size":"10"}}""", (Size, "10")),
        If("NumericLessThan: numbers, not texts", Allow, """{"NumericLessThan":{"acs:ResourceTag/size":"10"}}""", (Size, "9")),
        If("NumericLessThan: below nought", Allow, """{"NumericLessThan":{"acs:ResourceTag/size":"-1"}}""", (Size, "-1.5")),
        If("NumericLessThan: less than the greatest of several", Allow, """{"NumericLessThan":{"acs:ResourceTag/size":["1","100"]}}""", (Size, "50")),
        If("NumericLessThanEquals: equal", Allow, """{"NumericLessThanEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10")),
        If("NumericLessThanEquals: greater", ImplicitDeny, """{"NumericLessThanEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10.01")),
        If("NumericGreaterThan: greater", Allow, """{"NumericGreaterThan":{"acs:ResourceTag/size":"10"}}""", (Size, "10.01")),
        If("NumericGreaterThan: equal", ImplicitDeny, """{"NumericGreaterThan":{"acs:ResourceTag/size":"10"}}""", (Size, "10")),
        If("NumericGreaterThanEquals: equal", Allow, """{"NumericGreaterThanEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "10.0")),
        If("NumericGreaterThanEquals: less", ImplicitDeny, """{"NumericGreaterThanEquals":{"acs:ResourceTag/size":"10"}}""", (Size, "9.999")),
        If("NumericGreaterThan: 28 digits", Allow, """{"NumericGreaterThan":{"acs:ResourceTag/size":"1234567890123456789012345678"}}""", (Size, "1234567890123456789012345679")),
        If("NumericGreaterThan: 29 digits are not compared", ImplicitDeny, """{"NumericGreaterThan":{"acs:ResourceTag/size":"1"}}""", (Size, "12345678901234567890123456789")),
    ];
}
