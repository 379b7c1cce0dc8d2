using System.Text.Json;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Runs;

/// <summary>
/// What a caller may note down with a run: the fields of the cloud console's backfill dialog, and others that change nothing in a run that is
/// no backfill. They are shown again and never acted upon.
/// </summary>
internal static class Remarks
{
    private const int LengthMax = 4_000;

    private static readonly string[] Names = ["action", "comments", "email", "interval", "regionId", "runMode", "expectedParallelismNumber", "timeout"];

    public static string Write(Parameters parameters)
    {
        var remarks = new Dictionary<string, string>();
        foreach (var name in Names)
        {
            if (parameters.Text(name, LengthMax) is { } text)
            {
                remarks[name] = text;
            }
        }

        return remarks.Count == 0 ? "" : AnswerJson.Write(remarks, RunJson.Default.DictionaryStringString);
    }

    /// <summary>Null when there are none.</summary>
    public static Dictionary<string, string>? Read(string stored) => stored.Length == 0 ? null : JsonSerializer.Deserialize(stored, RunJson.Default.DictionaryStringString);
}
