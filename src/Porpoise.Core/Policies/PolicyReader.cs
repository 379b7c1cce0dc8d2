using System.Globalization;
using System.Text.Json;
using Porpoise.Core.Policies.Reading;

namespace Porpoise.Core.Policies;

/// <summary>What is wrong with a policy's text, and where.</summary>
/// <param name="Place">Such as <c>Statement[0].Action</c>; <c>policy</c> for the whole.</param>
public sealed record PolicyFault(string Place, string Message);

/// <summary>Reads the JSON text of a policy, version "1" of the RAM language.</summary>
public static class PolicyReader
{
    /// <summary>Characters of a policy.</summary>
    public const int LengthMax = 6_144;

    /// <summary>Characters of the policy of a session.</summary>
    public const int SessionLengthMax = 2_048;

    /// <summary>For what somebody writes: what is not understood in full is refused with its place, and nothing is guessed.</summary>
    /// <returns>Null when there are faults.</returns>
    public static PolicyDocument? Read(string text, PolicyKind kind, out IReadOnlyList<PolicyFault> faults) =>
        Read(text, kind, kind == PolicyKind.Session ? SessionLengthMax : LengthMax, out faults);

    /// <summary>
    /// For what is in the store, where another version, or another hand, may have put more than this version understands. Such conditions
    /// and statements open nothing: in an Allow they do not apply, in a Deny they do; of a text that cannot be read at all remains that
    /// everything is denied.
    /// </summary>
    /// <param name="faults">For the log; empty when all was understood.</param>
    public static PolicyDocument ReadStored(string text, PolicyKind kind, out IReadOnlyList<PolicyFault> faults)
    {
        var found = new PolicyFaults();
        faults = found.Listed;
        return Read(text, kind, found) ?? new PolicyDocument(kind, [PolicyStatement.NotUnderstood(0, PolicyEffect.Deny)]);
    }

    internal static PolicyDocument? Read(string text, PolicyKind kind, int lengthMax, out IReadOnlyList<PolicyFault> faults)
    {
        var found = new PolicyFaults();
        faults = found.Listed;
        if (text.Length > lengthMax)
        {
            found.Add("policy", string.Create(CultureInfo.InvariantCulture, $"It has {text.Length} characters; at most {lengthMax} are taken."));
            return null;
        }

        var document = Read(text, kind, found);
        return found.Count == 0 ? document : null;
    }

    /// <summary>Null when it is no policy at all. Faults inside its statements are left to them.</summary>
    private static PolicyDocument? Read(string text, PolicyKind kind, PolicyFaults faults)
    {
        using var json = PolicyJson.Parse(text, faults);
        if (json is null || PolicyJson.Members(json.RootElement, "policy", faults, StringComparer.Ordinal, "Version", "Statement") is not { } members)
        {
            return null;
        }

        if (!members.TryGetValue("Version", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "1")
        {
            faults.Add("Version", "It must be the text \"1\".");
        }

        if (!members.TryGetValue("Statement", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            faults.Add("Statement", "It must be a list of at least one statement.");
        }

        if (faults.Count > 0)
        {
            return null;
        }

        var statements = new List<PolicyStatement>(list.GetArrayLength());
        var reader = new StatementReader(kind, faults);
        foreach (var statement in list.EnumerateArray())
        {
            statements.Add(reader.Read(statement, statements.Count));
        }

        return new PolicyDocument(kind, statements);
    }
}
