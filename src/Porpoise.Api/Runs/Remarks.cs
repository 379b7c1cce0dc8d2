using System.Text.Json;
using Porpoise.Api.Operations;

namespace Porpoise.Api.Runs;

/// <summary>What a caller may note down with a run: the cloud console's backfill dialog has these fields. They are shown again and never acted upon.</summary>
internal static class Remarks
{
    private const int LengthMax = 4_000;

    private static readonly string[] Names = ["action", "comments", "email", "interval"];

    public static string Write(Parameters parameters)
    {
        var remarks = new Dictionary<string, string>();
        foreach (var name in Names)
        {
            if (parameters.Text(name) is { } text)
            {
                remarks[name] = text.Length <= LengthMax ? text : throw Parameters.Invalid(name, $"at most {LengthMax} characters");
            }
        }

        return remarks.Count == 0 ? "" : JsonSerializer.Serialize(remarks, WireJson.Default.DictionaryStringString);
    }

    /// <summary>Null when there are none.</summary>
    public static Dictionary<string, string>? Read(string stored) => stored.Length == 0 ? null : JsonSerializer.Deserialize(stored, WireJson.Default.DictionaryStringString);
}
