using Porpoise.Core.Policies;

namespace Porpoise.Core.Tests.Policies;

/// <summary>Every row of the decision table, and what must be true of the table itself.</summary>
public sealed class DecisionTableTests
{
    private static readonly List<DecisionRow> Table =
    [
        .. ActionRows.All, .. ResourceRows.All, .. CombinationRows.All, .. TextRows.All, .. NumberRows.All, .. DateRows.All, .. AddressRows.All,
        .. SessionRows.All, .. TrustRows.All, .. StoredRows.All,
    ];

    public static TheoryData<string> Rows => [.. Table.Select(r => r.Why)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_decision_is_as_worked_out_by_hand(string why)
    {
        var row = Table.Single(r => r.Why == why);
        Assert.Equal((row.Expected, row.Level), (row.Decide().Verdict, row.Decide().Level));
    }

    /// <summary>The explanation looks at each statement, the decision at an index of them: they must not differ.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void An_explanation_explains_the_same_decision(string why)
    {
        var row = Table.Single(r => r.Why == why);
        var explanation = row.Explain();
        Assert.Equal(row.Decide(), explanation.Decision);
        Assert.Equal(row.Expected != Verdict.ImplicitDeny, explanation.Findings.Any(f => f.Applies));
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        foreach (var row in Table.Where(r => r.Trust is null))
        {
            var decide = row.Prepare();
            decide();
            var before = GC.GetAllocatedBytesForCurrentThread();
            decide();
            Assert.Equal((row.Why, 0L), (row.Why, GC.GetAllocatedBytesForCurrentThread() - before));
        }
    }

    [Fact]
    public void The_table_is_large_and_every_operator_has_both_outcomes()
    {
        Assert.True(Table.Count >= 150, $"{Table.Count} rows");
        foreach (var name in ConditionOperator.Names)
        {
            var rows = Table.Where(r => r.Policies.Any(p => p.Contains($"\"{name}\"", StringComparison.Ordinal))).ToList();
            Assert.Contains(rows, r => r.Expected == Verdict.Allow);
            Assert.Contains(rows, r => r.Expected != Verdict.Allow);
        }
    }
}
