using System.Text.RegularExpressions;
using Porpoise.Api.Errors;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Runs;

/// <summary>What a start may ask for beside what is honoured: only what would happen anyway.</summary>
internal static partial class StartRules
{
    /// <summary>DolphinScheduler takes 1 to 86400 and acts on none of them: the limit of a run is its definition's. 0 equals none.</summary>
    private const int TimeoutMax = 86_400;

    public static void RefuseWhatIsNotHonoured(Parameters parameters)
    {
        parameters.RefuseUnless("execType", "START_PROCESS");
        parameters.RefuseUnless("warningType", "NONE");
        parameters.RefuseUnless("warningGroupId", "0");
        parameters.RefuseUnless("startNodeList");
        parameters.RefuseUnless("taskDependType", "TASK_POST");
        parameters.RefuseUnless("tenantCode", Queues.DolphinTenant.OnlyCode);
        parameters.RefuseUnless("dryRun", "0");
        parameters.RefuseUnless("testFlag", "0");
        parameters.RefuseUnless("complementDependentMode", "OFF_MODE");
        parameters.RefuseUnless("allLevelDependent", "false");

        // These say how a backfill runs; without one they are kept with the run and change nothing.
        parameters.Word("runMode", "RUN_MODE_SERIAL", "RUN_MODE_PARALLEL");
        parameters.Int("expectedParallelismNumber", 1);
        parameters.Int("timeout", 0, TimeoutMax);
        if (parameters.Text("interval") is { } interval && IsRangeOfDates(interval))
        {
            throw new RefusalException(
                ErrorCodes.NotHonoured,
                "The parameter interval names dates or several values, which asks for a backfill, and this version cannot run backfills yet: leave interval out, or send one plain value such as 5, which is kept with the run.");
        }
    }

    /// <summary>True for whatever has a date in it, or several parts. (The vendor's own sample is "5", without a word about it.)</summary>
    internal static bool IsRangeOfDates(string interval) => interval.AsSpan().IndexOfAny(",{[~") >= 0 || Date().IsMatch(interval);

    [GeneratedRegex(@"(19|20|21)[0-9]{2}[-/.]?(0?[1-9]|1[0-2])[-/.]?(0?[1-9]|[12][0-9]|3[01])", RegexOptions.CultureInvariant)]
    private static partial Regex Date();
}
